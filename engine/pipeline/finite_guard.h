#pragma once

#include "engine/pipeline/prompt_encoder.h"
#include "engine/pipeline/recovery.h"

#include <ATen/core/Tensor.h>

namespace studio::engine {

/// Sees to it that no black picture is written: a part that gives numbers which are not finite computes in fp32 from
/// there on, which is said, and when it does so already the job fails and what is to blame is named. The checks are
/// one reduction each. Engine thread only; model, recovery and context must outlive it.
class FiniteGuard {
 public:
  /// `refiner` may be null.
  FiniteGuard(Recovery& recovery, const LoadedModel* refiner, const JobContext& context)
      : recovery_(recovery), refiner_(refiner), context_(context) {}

  static bool isFinite(const at::Tensor& numbers);
  static bool isFinite(const PromptConditions& prompts);

  /// The part of the model gave such numbers and is asked again. Throws EngineException(BadFile) that names a LoRA or a
  /// file when it holds such numbers itself, and EngineException(Device) when nothing wider is left.
  void widen(LoadedModel& model, Part part);

 private:
  Recovery& recovery_;
  const LoadedModel* refiner_;
  const JobContext& context_;
};

}  // namespace studio::engine
