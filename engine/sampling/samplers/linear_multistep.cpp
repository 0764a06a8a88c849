#include "engine/sampling/samplers/arithmetic.h"
#include "engine/sampling/samplers/factories.h"
#include "engine/sampling/samplers/multistep_weights.h"

namespace studio::engine {
namespace {

/// What one linear multistep method is.
struct MultistepRule {
  std::vector<double> (*weights)(std::span<const float> sigmas, int from, int order);
  int order;                        ///< reached by lower ones
  bool endsWithEstimate = true;     ///< the step to sigma 0 is the estimate itself
  bool startsWithTwoCalls = false;  ///< the first step is Heun's
};

/// A weighted sum of the last slopes makes the step (Hairer, Nørsett and Wanner 1993, "Solving Ordinary Differential
/// Equations I", section III.1; for diffusion Liu et al. 2022, "Pseudo Numerical Methods for Diffusion Models on
/// Manifolds", where in sigmas the transfer of equation 11 is a step along the slope). History: slopes, newest first.
class LinearMultistepSampler final : public SamplerBase {
 public:
  explicit LinearMultistepSampler(const MultistepRule& rule) : rule_(rule) {}

  void step(SamplerState& state, const DenoiseFunction& denoise, std::span<const float> sigmas) const override {
    const double sigma = sigmas[state.step], next = sigmas[state.step + 1];
    const at::Tensor denoised = denoise(state.x, sigmas[state.step]).denoised;
    const at::Tensor slope = odeSlope(state.x, denoised, sigma);
    state.history.insert(state.history.begin(), slope);
    const int order = std::min(static_cast<int>(state.history.size()), rule_.order);
    state.history.resize(static_cast<std::size_t>(order));
    if (next == 0 && rule_.endsWithEstimate) {
      state.x = denoised;
    } else if (networkCalls(state.step, sigmas) == 2) {
      const at::Tensor guess = state.x + slope * (next - sigma);
      const at::Tensor slopeThere = odeSlope(guess, denoise(guess, sigmas[state.step + 1]).denoised, next);
      state.x = state.x + (slope + slopeThere) * ((next - sigma) / 2);
    } else {
      const std::vector<double> weights = rule_.weights(sigmas, state.step, order);
      for (std::size_t i = 0; i < weights.size(); ++i) state.x = state.x + state.history[i] * weights[i];
    }
  }

  int networkCalls(int step, std::span<const float> sigmas) const override {
    return rule_.startsWithTwoCalls && step == 0 && sigmas[1] > 0 ? 2 : 1;
  }

 private:
  MultistepRule rule_;
};

std::unique_ptr<SamplerBase> makeMultistep(const MultistepRule& rule) {
  return std::make_unique<LinearMultistepSampler>(rule);
}

}  // namespace

/// Adams-Bashforth on uneven steps in sigma (Hairer, Nørsett and Wanner, section III.5).
std::unique_ptr<SamplerBase> makeLmsSampler(const SamplerOptions&) {
  return makeMultistep({.weights = adamsBashforthWeights, .order = 4, .endsWithEstimate = false});
}

/// The tAB variant of order 3 (Zhang and Chen 2023, "Fast Sampling of Diffusion Models with Exponential Integrator",
/// section 3 and proposition 3).
std::unique_ptr<SamplerBase> makeDeisSampler(const SamplerOptions&) {
  return makeMultistep({.weights = vpTimeWeights, .order = 3});
}

/// Liu et al. 2022, equation 12, as Rombach et al. 2022 start it: with the pseudo improved Euler method.
std::unique_ptr<SamplerBase> makePlmsSampler(const SamplerOptions&) {
  return makeMultistep({.weights = evenWeights, .order = 4, .endsWithEstimate = false, .startsWithTwoCalls = true});
}

/// The same with the start by lower orders of Zhang and Chen 2023.
std::unique_ptr<SamplerBase> makeIpndmSampler(const SamplerOptions&) {
  return makeMultistep({.weights = evenWeights, .order = 4});
}

std::unique_ptr<SamplerBase> makeIpndmVSampler(const SamplerOptions&) {
  return makeMultistep({.weights = newtonWeights, .order = 4});
}

/// Permenter and Yuan 2024, "Interpreting and Improving Diffusion Models from an Optimization Perspective",
/// algorithm 2.
std::unique_ptr<SamplerBase> makeGradientEstimationSampler(const SamplerOptions&) {
  return makeMultistep({.weights = gradientEstimationWeights, .order = 2});
}

}  // namespace studio::engine
