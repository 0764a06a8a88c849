#pragma once

#include "engine/pipeline/conditioned_network.h"
#include "engine/pipeline/finite_guard.h"
#include "engine/pipeline/job_context.h"
#include "engine/pipeline/loaded_model.h"
#include "engine/pipeline/picture_writer.h"
#include "engine/pipeline/preview_maker.h"
#include "engine/pipeline/recovery.h"
#include "engine/pipeline/spill_watch.h"
#include "engine/sampling/sampling_plan.h"

#include <memory>
#include <optional>
#include <vector>

namespace studio::engine {

/// The story from a request to its pictures: encode the prompt, start from noise, take the steps, decode one picture at
/// a time, write. Engine thread only.
class TextToImage {
 public:
  /// `refiner` may be null: the second checkpoint, which takes the last steps. Only one of the two UNets is in memory
  /// at a time.
  /// `recovery` carries the job's plan out on the model, and smaller ones when memory runs out.
  TextToImage(LoadedModel& model, LoadedModel* refiner, Recovery& recovery, const GenerationRequest& request, Seed seed,
              const JobContext& context);

  /// Makes all batches that are left; returns how many pictures were written.
  /// Throws EngineException, Cancelled, c10::OutOfMemoryError; what was written stays.
  int run();

 private:
  PromptConditions encodePrompts(LoadedModel& model);
  /// With finite numbers.
  PromptConditions encoded(LoadedModel& model, PromptEncoder& encoder, int steps);
  /// The conditioned network of one batch.
  std::shared_ptr<ConditionedNetwork> conditionedNetwork(const LoadedModel& model,
                                                         const PromptConditions& prompts) const;
  /// The networks of one batch: the model's and, where there is one, the refiner's.
  using Networks = std::vector<std::shared_ptr<ConditionedNetwork>>;
  Networks conditionedNetworks(const PromptConditions& prompts) const;
  /// One network out of them, as samplers want it.
  Network wholeNetwork(const Networks& networks);
  /// Noise, or the state in which an earlier process left the batch.
  SamplerState beginningOf(int batch);
  at::Tensor denoiseBatch(const PromptConditions& prompts, int batch);  // -> scaled latents [B, C, h, w] fp32
  /// The steps that are left. When it throws, `state` is as after the last whole step.
  void takeSteps(SamplerState& state, const PromptConditions& prompts, int batch);
  void decodeAndWrite(const at::Tensor& latents, int batch);
  /// What is said of pictures that only show what there is.
  std::optional<Sentence> unfinished() const;
  /// What the pictures say of how they were made.
  std::vector<Sentence> remarks() const;
  Image decode(const at::Tensor& latent);         // [1, C, h, w]
  at::Tensor pixelsOf(const at::Tensor& latent);  // -> [1, 3, H, W]
  /// Previews' colours: from an earlier fit, else learned at the first decode of a VAE.
  void recallLatentRgb();
  void learnLatentRgb(const at::Tensor& latent, const at::Tensor& pixels);
  std::int64_t scaleFactor() const { return model_.vae().module->scaleFactor(); }

  LoadedModel& model_;
  LoadedModel* refiner_;
  Recovery& recovery_;
  PromptConditions refinerPrompts_;
  const GenerationRequest& request_;
  ReproductionProfile rows_;
  double stepsBehind_ = 0;  ///< the part of the steps that is done
  bool refines_ = false;    ///< the refiner has taken over; and so it was before the current step:
  bool refinedBefore_ = false;
  Seed seed_;
  const JobContext& context_;
  PictureWriter writer_;
  std::function<void(const Sentence&)> tell_;
  FiniteGuard guard_;
  SpillWatch spill_;
  PreviewMaker previews_;
  SamplingPlan plan_;
  int written_ = 0;
};

}  // namespace studio::engine
