#include "engine/sampling/denoiser.h"

#include "engine/api/engine_error.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/full.h>

#include <cmath>
#include <utility>

namespace studio::engine {

Denoiser::Denoiser(Network network, PredictionType prediction, TrainingSigmas sigmas)
    : network_(std::move(network)), prediction_(prediction), sigmas_(std::move(sigmas)) {
  if (prediction_ == PredictionType::Automatic) {
    throw EngineException(ErrorKind::Internal, "The prediction type must be settled before denoising.");
  }
}

at::Tensor Denoiser::predict(const at::Tensor& x, float sigma) const {
  const double variance = double{sigma} * sigma + 1;
  const at::Tensor timesteps = at::full({x.size(0)}, sigmas_.timestepAt(sigma), x.options().dtype(at::kFloat));
  return network_(x / std::sqrt(variance), timesteps).to(at::kFloat);
}

at::Tensor Denoiser::denoisedFrom(const at::Tensor& x, const at::Tensor& prediction, float sigma) const {
  if (prediction_ == PredictionType::Epsilon) return x - prediction * sigma;
  const double variance = double{sigma} * sigma + 1;
  return x / variance - prediction * (sigma / std::sqrt(variance));
}

}  // namespace studio::engine
