#include "engine/sampling/samplers/arithmetic.h"
#include "engine/sampling/samplers/factories.h"
#include "engine/sampling/samplers/reverse_sde.h"

namespace studio::engine {
namespace {

/// DPM-Solver++(2M), the multistep second-order solver in data prediction (Lu et al. 2022, "DPM-Solver++",
/// algorithm 2). First order at the first step and at the last, to sigma 0. History: the previous denoised.
class DpmPlusPlus2MSampler final : public SamplerBase {
 public:
  void step(SamplerState& state, const DenoiseFunction& denoise, std::span<const float> sigmas) const override {
    const double sigma = sigmas[state.step], next = sigmas[state.step + 1];
    const at::Tensor denoised = denoise(state.x, sigmas[state.step]).denoised;
    if (next == 0) {
      state.x = denoised;
    } else {
      const ReverseSdeStep ode(sigma, next, 0);
      state.x = state.x * ode.keep + denoised * ode.phi1;
      if (!state.history.empty()) {
        const double lastH = std::log(sigmas[state.step - 1] / sigma);
        state.x = state.x + (denoised - state.history[0]) * (ode.phi1 / 2 * ode.h / lastH);
      }
    }
    state.history = {denoised};
  }
};

}  // namespace

std::unique_ptr<SamplerBase> makeDpmPlusPlus2MSampler(const SamplerOptions&) {
  return std::make_unique<DpmPlusPlus2MSampler>();
}

}  // namespace studio::engine
