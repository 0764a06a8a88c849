#pragma once

#include "engine/api/engine_options.h"
#include "engine/ops/precision_probe.h"
#include "engine/ops/weights.h"

#include <c10/core/Device.h>

#include <map>
#include <string>

namespace studio::engine {

/// Everything besides the request that decides a picture's rounding: resolved once for a job and kept with it.
struct NumericRecipe {
  ops::ComputeFormat format = ops::ComputeFormat::Float32;
  at::Device device = at::kCPU;
  int threads = 1;
  Sentence reason;  ///< why this format
  std::string engineVersion;
  /// Whether pictures come out the same; why it was chosen does not matter to that.
  bool computesLike(const NumericRecipe& other) const {
    return format == other.format && device == other.device && threads == other.threads &&
           engineVersion == other.engineVersion;
  }
};

/// Makes recipes: fixed values of the options, or what a short measurement finds best. A measurement is made once for
/// a number of threads and kept in the options' cache folder, so that the next start need not repeat it and a picture
/// made again is made the same way. Engine thread only.
class RecipeResolver {
 public:
  RecipeResolver();
  /// Also sets the number of threads of the calling thread.
  NumericRecipe resolve(const EngineOptions& options);

 private:
  ops::PrecisionChoice measured(const EngineOptions& options, int threads);

  int allThreads_;  ///< what this process may use, asked before any limit of ours
  std::map<int, ops::PrecisionChoice> measured_;
};

Precision precisionOf(ops::ComputeFormat format);

/// The processor, the threads and the engine that a measurement, or a picture's last bits, hold for.
std::string machineName(int threads);

}  // namespace studio::engine
