#pragma once

#include "engine/sampling/sampler_state.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>

#include <cmath>

namespace studio::engine {

/// lambda = log(signal / noise) of Lu et al. 2022; in a latent that is picture + sigma · noise it is −log sigma.
inline double logSignalToNoise(float sigma) { return -std::log(double{sigma}); }

/// The direction dx/dsigma of the probability-flow ODE (Karras et al. 2022, equations 1 and 3 with sigma(t) = t).
inline at::Tensor odeSlope(const at::Tensor& x, const at::Tensor& denoised, float sigma) {
  return (x - denoised) / sigma;
}

/// Fresh noise shaped like the state's latent, from the pictures' own generators.
inline at::Tensor drawNoise(SamplerState& state) {
  return state.noise.draw(state.x.sizes().slice(1)).to(state.x.device());
}

}  // namespace studio::engine
