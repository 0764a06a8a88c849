#pragma once

#include "engine/sampling/sampler_options.h"
#include "engine/sampling/sampler_state.h"

#include <span>

namespace studio::engine {

/// Coefficients of one exponential-integrator step in data prediction (Lu et al. 2022, "DPM-Solver++", section 5 and
/// appendix A), from sigma to next > 0, for the reverse SDE with the given eta; eta 0 is the ODE:
/// x' = keep · x + phi1 · D + phi2 · D'·h − phi3 · D''·h² + noise · z, derivatives along lambda = −log sigma.
struct ReverseSdeStep {
  ReverseSdeStep(double sigma, double next, double eta);

  double h;      ///< step in lambda
  double keep;   ///< of the latent
  double phi1;   ///< weight of the estimate
  double phi2;   ///< weight of its slope, in units of h
  double phi3;   ///< weight of its curvature, negated
  double noise;  ///< strength of fresh noise
};

/// Noise of unit variance for the way from sigma `from` down to `to`: a stretch of each picture's Brownian path over
/// the positive sigmas of the list, or a plain draw, as the options say.
at::Tensor stepNoise(SamplerState& state, const SamplerOptions& options, std::span<const float> sigmas, double from,
                     double to);

}  // namespace studio::engine
