#include "engine/sampling/samplers/arithmetic.h"
#include "engine/sampling/samplers/factories.h"
#include "engine/sampling/samplers/linear_multistep.h"

namespace studio::engine {
namespace {

/// Linear multistep of order 4 in sigma: Adams-Bashforth on uneven steps (Hairer, Nørsett and Wanner 1993, "Solving
/// Ordinary Differential Equations I", section III.5; used for diffusion by Liu et al. 2022). Also the step to sigma 0.
/// History: slopes, newest first.
class LmsSampler final : public SamplerBase {
 public:
  void step(SamplerState& state, const DenoiseFunction& denoise, std::span<const float> sigmas) const override {
    const double sigma = sigmas[state.step];
    rememberSlope(state, odeSlope(state.x, denoise(state.x, sigmas[state.step]).denoised, sigma), kOrder);
    const int order = std::min(state.step + 1, kOrder);
    const auto weights = multistepWeights(sigmas, state.step, order, [](double place) { return place; });
    state.x = state.x + weightedSlopes(state, weights);
  }

 private:
  static constexpr int kOrder = 4;
};

}  // namespace

std::unique_ptr<SamplerBase> makeLmsSampler(const SamplerOptions&) { return std::make_unique<LmsSampler>(); }

}  // namespace studio::engine
