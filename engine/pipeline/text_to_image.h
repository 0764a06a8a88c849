#pragma once

#include "engine/pipeline/job_context.h"
#include "engine/pipeline/loaded_model.h"
#include "engine/pipeline/picture_writer.h"
#include "engine/pipeline/preview_maker.h"
#include "engine/sampling/denoiser.h"
#include "engine/text/tokens/prompt_chunks.h"

#include <string>
#include <vector>

namespace studio::engine {

/// The story from a request to its pictures: encode the prompt, start from noise, take the steps, decode one picture at
/// a time, write. Engine thread only.
class TextToImage {
 public:
  /// `refiner` may be null: the second checkpoint, which takes the last steps. Only one of the two UNets is in memory
  /// at a time.
  TextToImage(LoadedModel& model, LoadedModel* refiner, const GenerationRequest& request, Seed seed,
              const JobContext& context);

  /// Makes all batches; returns how many pictures were written.
  /// Throws EngineException, Cancelled, c10::OutOfMemoryError; what was written stays.
  int run();

 private:
  /// What prompt and negative prompt condition on, with contexts of equal length.
  struct Prompts {
    Conditioning prompt, negative;
  };
  Prompts encodePrompts(LoadedModel& model);
  Conditioning encode(LoadedModel& model, const std::string& text, const std::vector<PromptChunk>& chunks);
  /// The conditioned network of one batch, as samplers want it.
  Network conditionedNetwork(const LoadedModel& model, const Prompts& prompts) const;
  /// With the refiner, where there is one.
  Network wholeNetwork(const Prompts& prompts) const;
  at::Tensor denoiseBatch(const Prompts& prompts, int batch);  // -> scaled latents [B, C, h, w] fp32
  void decodeAndWrite(const at::Tensor& latents, int batch);
  /// Previews' colours: from an earlier fit, else learned at the first decode of a VAE.
  void recallLatentRgb();
  void learnLatentRgb(const at::Tensor& latent, const at::Tensor& pixels);
  std::int64_t scaleFactor() const { return model_.vae().module->scaleFactor(); }

  LoadedModel& model_;
  LoadedModel* refiner_;
  Prompts refinerPrompts_;
  const GenerationRequest& request_;
  Seed seed_;
  const JobContext& context_;
  PictureWriter writer_;
  PreviewMaker previews_;
  int written_ = 0;
};

/// The UNet with its conditioning bound, as samplers want it: latents and answers fp32 on the host.
at::Tensor callUNet(const LoadedNetwork<UNet>& unet, std::stop_token stop, const at::Tensor& x,
                    const at::Tensor& timesteps, const UNetConditioning& conditioning);

/// Conditioning in the order of guidance: `pictures` rows of the prompt, then as many of the negative prompt, which is
/// left out without guidance; placed for the network.
UNetConditioning guidedConditioning(const Conditioning& prompt, const Conditioning& negative, std::int64_t pictures,
                                    bool usesNegative, const Residency& residency);

}  // namespace studio::engine
