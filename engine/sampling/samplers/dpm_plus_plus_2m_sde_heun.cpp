#include "engine/sampling/samplers/arithmetic.h"
#include "engine/sampling/samplers/factories.h"
#include "engine/sampling/samplers/reverse_sde.h"

namespace studio::engine {
namespace {

/// SDE-DPM-Solver++(2M) with the weights of Heun's rule (Lu et al. 2022, "DPM-Solver++", section 5 and appendix A).
/// First order at the first step and at the last, to sigma 0. History: the previous denoised.
class DpmPlusPlus2MSdeHeunSampler final : public SamplerBase {
 public:
  explicit DpmPlusPlus2MSdeHeunSampler(const SamplerOptions& options) : options_(options) {}

  void step(SamplerState& state, const DenoiseFunction& denoise, std::span<const float> sigmas) const override {
    const double sigma = sigmas[state.step], next = sigmas[state.step + 1];
    const at::Tensor denoised = denoise(state.x, sigmas[state.step]).denoised;
    if (next == 0) {
      state.x = denoised;
    } else {
      const ReverseSdeStep sde(sigma, next, options_.eta);
      state.x = state.x * sde.keep + denoised * sde.phi1;
      if (!state.history.empty()) {
        const double lastH = std::log(sigmas[state.step - 1] / sigma);
        state.x = state.x + (denoised - state.history[0]) * (sde.phi2 * sde.h / lastH);
      }
      if (sde.noise > 0)
        state.x = state.x + stepNoise(state, options_, sigmas, sigma, next) * (sde.noise * options_.sNoise);
    }
    state.history = {denoised};
  }

 private:
  SamplerOptions options_;
};

}  // namespace

std::unique_ptr<SamplerBase> makeDpmPlusPlus2MSdeHeunSampler(const SamplerOptions& options) {
  return std::make_unique<DpmPlusPlus2MSdeHeunSampler>(options);
}

}  // namespace studio::engine
