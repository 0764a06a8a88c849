#pragma once

#include "engine/api/engine_options.h"
#include "engine/ops/weights.h"

#include <c10/core/Device.h>

#include <string>

namespace studio::engine {

/// Everything besides the request that decides a picture's rounding: resolved once for a job and kept with it.
struct NumericRecipe {
  ops::ComputeFormat format = ops::ComputeFormat::Float32;
  at::Device device = at::kCPU;
  int threads = 1;
  std::string reason;  ///< why this format, one sentence
  std::string engineVersion;
  bool operator==(const NumericRecipe&) const = default;
};

/// Fixed values of the options, or what a short measurement at the first call finds best. Sets the number of threads
/// of the calling thread, which must be the engine's.
NumericRecipe resolveRecipe(const EngineOptions& options);

Precision precisionOf(ops::ComputeFormat format);

}  // namespace studio::engine
