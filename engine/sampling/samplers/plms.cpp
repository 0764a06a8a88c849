#include "engine/sampling/samplers/arithmetic.h"
#include "engine/sampling/samplers/factories.h"
#include "engine/sampling/samplers/linear_multistep.h"

namespace studio::engine {
namespace {

/// PLMS, the pseudo linear multistep method of order 4 (Liu et al. 2022, "Pseudo Numerical Methods for Diffusion Models
/// on Manifolds", equation 12, as Rombach et al. 2022 start it: with the pseudo improved Euler method, two network
/// calls). In sigmas the transfer of equation 11 is a step along the slope. History: slopes, newest first.
class PlmsSampler final : public SamplerBase {
 public:
  void step(SamplerState& state, const DenoiseFunction& denoise, std::span<const float> sigmas) const override {
    const double sigma = sigmas[state.step], next = sigmas[state.step + 1];
    const at::Tensor slope = odeSlope(state.x, denoise(state.x, sigmas[state.step]).denoised, sigma);
    rememberSlope(state, slope, 4);
    at::Tensor mean = slope;
    if (networkCalls(state.step, sigmas) == 2) {
      const at::Tensor guess = state.x + slope * (next - sigma);
      mean = (slope + odeSlope(guess, denoise(guess, sigmas[state.step + 1]).denoised, next)) / 2;
    } else {
      const std::size_t order = state.history.size();
      mean = weightedSlopes(state, std::span(kAdamsBashforth[order - 1]).first(order));
    }
    state.x = state.x + mean * (next - sigma);
  }

  int networkCalls(int step, std::span<const float> sigmas) const override {
    return step == 0 && sigmas[1] > 0 ? 2 : 1;
  }
};

}  // namespace

std::unique_ptr<SamplerBase> makePlmsSampler(const SamplerOptions&) { return std::make_unique<PlmsSampler>(); }

}  // namespace studio::engine
