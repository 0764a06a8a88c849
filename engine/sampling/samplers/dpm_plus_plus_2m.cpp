#include "engine/sampling/samplers/arithmetic.h"
#include "engine/sampling/samplers/factories.h"

namespace studio::engine {
namespace {

/// DPM-Solver++(2M), the multistep second-order solver in data prediction (Lu et al. 2022, "DPM-Solver++",
/// algorithm 2). First order at the first step and at the last, to sigma 0. History: the previous denoised.
class DpmPlusPlus2MSampler final : public SamplerBase {
 public:
  void step(SamplerState& state, const DenoiseFunction& denoise, std::span<const float> sigmas) const override {
    const float sigma = sigmas[state.step], next = sigmas[state.step + 1];
    const at::Tensor denoised = denoise(state.x, sigma);
    if (next == 0) {
      state.x = denoised;
    } else {
      const double h = logSignalToNoise(next) - logSignalToNoise(sigma);
      at::Tensor data = denoised;
      if (!state.history.empty()) {
        const double lastH = logSignalToNoise(sigma) - logSignalToNoise(sigmas[state.step - 1]);
        data = denoised + (denoised - state.history[0]) * (h / (2 * lastH));
      }
      state.x = state.x * (next / sigma) - data * std::expm1(-h);
    }
    state.history = {denoised};
  }
};

}  // namespace

std::unique_ptr<SamplerBase> makeDpmPlusPlus2MSampler() { return std::make_unique<DpmPlusPlus2MSampler>(); }

}  // namespace studio::engine
