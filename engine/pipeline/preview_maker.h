#pragma once

#include "engine/pipeline/job_context.h"
#include "engine/pipeline/loaded_model.h"

#include <chrono>
#include <optional>
#include <vector>

namespace studio::engine {

/// Turns the denoiser's estimates into small pictures while a job runs. In automatic mode the preview decoder is used
/// as long as it takes at most 5 % of the time, measured on this job: at every step, or less often where steps are
/// short; else the latent's colours.
class PreviewMaker {
 public:
  PreviewMaker(const LoadedModel& model, const JobContext& context) : model_(model), context_(context) {}

  bool wanted(int step, int of) const;
  /// `denoised`: scaled latents fp32 [B, C, h, w]; `way`: how the decoder works, nothing when there is no memory for
  /// it. Empty when nothing can show them.
  std::vector<Image> make(const at::Tensor& denoised, Seconds stepTime, const std::optional<DecodeWay>& way);

 private:
  bool usesDecoder(Seconds stepTime) const;
  /// In automatic mode: the decoder has waited long enough for its share of the time.
  bool isDue() const;
  /// One picture at a time.
  std::vector<Image> decode(const at::Tensor& denoised, const DecodeWay& way);

  const LoadedModel& model_;
  const JobContext& context_;
  Seconds decodeTime_{};  ///< of the last use of the decoder once its weights were placed; 0 before
  std::optional<std::chrono::steady_clock::time_point> lastDecode_;
};

}  // namespace studio::engine
