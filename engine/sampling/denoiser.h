#pragma once

#include "engine/api/choices.h"
#include "engine/sampling/sigma_schedule.h"

#include <ATen/core/Tensor.h>

#include <functional>

namespace studio::engine {

/// The bare network, conditioning bound: scaled latent and fractional training timesteps in, prediction out in any
/// floating format.                                                       // [B, C, h, w], [B] fp32 -> [B, C, h, w]
using Network = std::function<at::Tensor(const at::Tensor& x, const at::Tensor& timesteps)>;

/// (x, sigma) to the estimate of the finished latent. What samplers are given.            // [B, C, h, w], fp32
using DenoiseFunction = std::function<at::Tensor(const at::Tensor& x, float sigma)>;

/// Network plus prediction type. Scales x to unit variance, finds the timestep of sigma (fractional, by log sigma)
/// and turns the prediction into the denoised latent (Karras et al. 2022, table 1, VP column; velocity: Salimans and
/// Ho 2022, appendix D).
class Denoiser {
 public:
  /// `prediction` must not be Automatic.
  Denoiser(Network network, PredictionType prediction, TrainingSigmas sigmas = TrainingSigmas());

  at::Tensor operator()(const at::Tensor& x, float sigma) const;

 private:
  Network network_;
  PredictionType prediction_;
  TrainingSigmas sigmas_;
};

}  // namespace studio::engine
