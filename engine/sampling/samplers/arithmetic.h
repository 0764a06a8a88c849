#pragma once

#include "engine/sampling/sampler_state.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>

#include <algorithm>
#include <cmath>

namespace studio::engine {

/// lambda = log(signal / noise) of Lu et al. 2022; in a latent that is picture + sigma · noise it is −log sigma.
inline double logSignalToNoise(double sigma) { return -std::log(sigma); }

/// The direction dx/dsigma of the probability-flow ODE (Karras et al. 2022, equations 1 and 3 with sigma(t) = t).
inline at::Tensor odeSlope(const at::Tensor& x, const at::Tensor& denoised, double sigma) {
  return (x - denoised) / sigma;
}

/// Fresh noise shaped like the state's latent, from the pictures' own generators.
inline at::Tensor drawNoise(SamplerState& state) {
  return state.noise.draw(state.x.sizes().slice(1)).to(state.x.device());
}

/// An ancestral step from sigma to next: without noise to `down`, then noise of strength `up`; down² + up² = next².
/// With eta 1 the variance is that of the DDPM posterior (Ho et al. 2020, section 3.2; Song et al. 2021, "Denoising
/// Diffusion Implicit Models", equation 16, written in sigmas).
struct AncestralStep {
  double down, up;
};

inline AncestralStep ancestralStep(double sigma, double next, double eta) {
  const double posterior = std::sqrt(next * next * (sigma * sigma - next * next) / (sigma * sigma));
  const double up = std::min(next, eta * posterior);
  return {std::sqrt(next * next - up * up), up};
}

}  // namespace studio::engine
