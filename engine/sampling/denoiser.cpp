#include "engine/sampling/denoiser.h"

#include "engine/api/engine_error.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/full.h>

#include <cmath>
#include <utility>

namespace studio::engine {

Denoiser::Denoiser(Network network, PredictionType prediction, TrainingSigmas sigmas, TimestepRule rule)
    : network_(std::move(network)), prediction_(prediction), sigmas_(std::move(sigmas)), rule_(rule) {
  if (prediction_ == PredictionType::Automatic) {
    throw EngineException(ErrorKind::Internal, "The prediction type must be settled before denoising.");
  }
}

/// EDM's networks know no timesteps to round to.
double Denoiser::timeOf(float sigma) const {
  const double fractional = sigmas_.networkTime(sigma);
  if (sigmas_.isEdm()) return fractional;
  switch (rule_) {
    case TimestepRule::Nearest:
      return std::nearbyint(fractional);
    case TimestepRule::Twentieth:
      return 20 * std::nearbyint(fractional) + 19;
    case TimestepRule::WholeBelow:  // a sigma in fp32 may lie a little below its timestep
      return std::floor(fractional + 1e-3);
    case TimestepRule::Fractional:
      break;
  }
  return fractional;
}

at::Tensor Denoiser::predict(const at::Tensor& x, float sigma) const {
  const double variance = double{sigma} * sigma + sigmas_.dataDeviation() * sigmas_.dataDeviation();
  const at::Tensor timesteps = at::full({x.size(0)}, timeOf(sigma), x.options().dtype(at::kFloat));
  return network_(x / std::sqrt(variance), timesteps).to(at::kFloat);
}

at::Tensor Denoiser::denoisedFrom(const at::Tensor& x, const at::Tensor& prediction, float sigma) const {
  const bool velocity = prediction_ == PredictionType::Velocity;
  if (!velocity && !sigmas_.isEdm()) return x - prediction * sigma;
  const double data = sigmas_.dataDeviation(), variance = double{sigma} * sigma + data * data;
  const double share = sigma * data / std::sqrt(variance);  // of the answer: c_out
  return x * (data * data / variance) + prediction * (velocity ? -share : share);
}

}  // namespace studio::engine
