#include "engine/sampling/samplers/arithmetic.h"
#include "engine/sampling/samplers/factories.h"
#include "engine/sampling/samplers/linear_multistep.h"

namespace studio::engine {
namespace {

/// t at which the VP process with linear beta(t) has this sigma.
double timeOfVpProcess(double sigma) {
  constexpr double kSmallest = 0.002, kLargest = 80, kFirstTime = 1e-3;
  static const double atSmallest = std::log1p(kSmallest * kSmallest), atLargest = std::log1p(kLargest * kLargest);
  static const double slope = 2 * (atSmallest / kFirstTime - atLargest) / (kFirstTime - 1);
  static const double start = atLargest - slope / 2;
  return (std::sqrt(start * start + 2 * slope * std::log1p(sigma * sigma)) - start) / slope;
}

/// DEIS, the tAB variant of order 3 (Zhang and Chen 2023, "Fast Sampling of Diffusion Models with Exponential
/// Integrator", section 3 and proposition 3): the noise estimate is extrapolated as a polynomial in the time of the VP
/// process (Song et al. 2021), here the one that Karras et al. 2022 (table 1) fit to sigmas from 0.002 to 80. The step
/// to sigma 0 is Euler's. History: slopes, newest first.
class DeisSampler final : public SamplerBase {
 public:
  void step(SamplerState& state, const DenoiseFunction& denoise, std::span<const float> sigmas) const override {
    const double sigma = sigmas[state.step], next = sigmas[state.step + 1];
    rememberSlope(state, odeSlope(state.x, denoise(state.x, sigmas[state.step]).denoised, sigma), kOrder);
    const int order = next == 0 ? 1 : std::min(state.step + 1, kOrder);
    state.x = state.x + weightedSlopes(state, multistepWeights(sigmas, state.step, order, timeOfVpProcess));
  }

 private:
  static constexpr int kOrder = 3;
};

}  // namespace

std::unique_ptr<SamplerBase> makeDeisSampler(const SamplerOptions&) { return std::make_unique<DeisSampler>(); }

}  // namespace studio::engine
