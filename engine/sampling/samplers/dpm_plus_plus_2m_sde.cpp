#include "engine/sampling/samplers/arithmetic.h"
#include "engine/sampling/samplers/factories.h"

namespace studio::engine {
namespace {

/// SDE-DPM-Solver++(2M): DPM-Solver++(2M) for the reverse SDE with eta 1 and the midpoint rule (Lu et al. 2022,
/// "DPM-Solver++", section 5 and appendix A). The noise of a step is one plain draw from each picture's generator, not
/// a Brownian path, so a picture changes with the number of steps. History: the previous denoised.
class DpmPlusPlus2MSdeSampler final : public SamplerBase {
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
      state.x = state.x * (next / sigma * std::exp(-h)) - data * std::expm1(-2 * h);
      state.x = state.x + drawNoise(state) * (next * std::sqrt(-std::expm1(-2 * h)));
    }
    state.history = {denoised};
  }
};

}  // namespace

std::unique_ptr<SamplerBase> makeDpmPlusPlus2MSdeSampler() { return std::make_unique<DpmPlusPlus2MSdeSampler>(); }

}  // namespace studio::engine
