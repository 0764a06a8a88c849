#include "engine/pipeline/numeric_recipe.h"

#include "engine/api/engine_factory.h"
#include "engine/device/compute_device.h"

#include <ATen/Parallel.h>

#include <algorithm>

namespace studio::engine {
namespace {

ops::ComputeFormat formatOf(Precision precision) {
  switch (precision) {
    case Precision::BFloat16:
      return ops::ComputeFormat::BFloat16;
    case Precision::Float16:
      return ops::ComputeFormat::Float16;
    case Precision::Automatic:
    case Precision::Float32:
      return ops::ComputeFormat::Float32;
  }
  return ops::ComputeFormat::Float32;
}

}  // namespace

Precision precisionOf(ops::ComputeFormat format) {
  switch (format) {
    case ops::ComputeFormat::Float32:
      return Precision::Float32;
    case ops::ComputeFormat::BFloat16:
      return Precision::BFloat16;
    case ops::ComputeFormat::Float16:
      return Precision::Float16;
  }
  return Precision::Float32;
}

NumericRecipe resolveRecipe(const EngineOptions& options) {
  // What ATen found at start is what the process may use; it is asked once, before any limit of ours.
  static const int allThreads = at::get_num_threads();
  const int threads = options.threads > 0 ? std::min(options.threads, 1024) : allThreads;
  at::set_num_threads(threads);
  return {formatOf(options.precision), computeDevice(), threads,
          options.precision == Precision::Automatic ? "not measured" : "chosen by hand", engineVersion()};
}

}  // namespace studio::engine
