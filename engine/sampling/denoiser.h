#pragma once

#include "engine/api/reproduction_profile.h"
#include "engine/sampling/training_sigmas.h"

#include <ATen/core/Tensor.h>

#include <functional>

namespace studio::engine {

/// The bare network, conditioning bound: scaled latent and fractional training timesteps in, prediction out in any
/// floating format.                                                       // [B, C, h, w], [B] fp32 -> [B, C, h, w]
using Network = std::function<at::Tensor(const at::Tensor& x, const at::Tensor& timesteps)>;

/// What is known of the finished latent at one point of the way.
struct Estimate {
  at::Tensor denoised;  ///< with guidance                                                        // [B, C, h, w] fp32
  at::Tensor negative;  ///< by the negative prompt alone; equal to `denoised` where that was not computed
};

/// (x, sigma) to the estimate of the finished latent. What samplers are given.            // x: [B, C, h, w], fp32
using DenoiseFunction = std::function<Estimate(const at::Tensor& x, float sigma)>;

/// Network plus prediction type. Scales x to unit variance, finds the timestep of sigma (by log sigma, see
/// TimestepRule) and turns the prediction into the denoised latent (Karras et al. 2022, table 1, columns VP and, for
/// networks trained with it, EDM; velocity: Salimans and Ho 2022, appendix D, with EDM's scaling the same with the
/// other sign).
class Denoiser {
 public:
  /// `prediction` must not be Automatic.
  Denoiser(Network network, PredictionType prediction, TrainingSigmas sigmas = TrainingSigmas(),
           TimestepRule rule = TimestepRule::Fractional);

  /// The network's bare answer, fp32; and the latent that an answer stands for.
  at::Tensor predict(const at::Tensor& x, float sigma) const;
  at::Tensor denoisedFrom(const at::Tensor& x, const at::Tensor& prediction, float sigma) const;

  at::Tensor operator()(const at::Tensor& x, float sigma) const { return denoisedFrom(x, predict(x, sigma), sigma); }

 private:
  double timeOf(float sigma) const;  ///< what the network is told

  Network network_;
  PredictionType prediction_;
  TrainingSigmas sigmas_;
  TimestepRule rule_;
};

}  // namespace studio::engine
