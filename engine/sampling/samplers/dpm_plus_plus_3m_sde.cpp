#include "engine/sampling/samplers/arithmetic.h"
#include "engine/sampling/samplers/factories.h"
#include "engine/sampling/samplers/reverse_sde.h"

#include <ATen/ops/zeros_like.h>

namespace studio::engine {
namespace {

/// SDE-DPM-Solver++ of third order from the last three estimates, by divided differences along log sigma (after Lu et
/// al. 2022, "DPM-Solver++", section 5; the third-order form is k-diffusion's). First order at the first step and at
/// the last, second at the second. History: the last two denoised, newest first.
class DpmPlusPlus3MSdeSampler final : public SamplerBase {
 public:
  explicit DpmPlusPlus3MSdeSampler(const SamplerOptions& options) : options_(options) {}

  void step(SamplerState& state, const DenoiseFunction& denoise, std::span<const float> sigmas) const override {
    const double sigma = sigmas[state.step], next = sigmas[state.step + 1];
    const at::Tensor denoised = denoise(state.x, sigmas[state.step]).denoised;
    if (next == 0) {
      state.x = denoised;
    } else {
      const ReverseSdeStep sde(sigma, next, options_.eta);
      state.x = state.x * sde.keep + denoised * sde.phi1 + slopes(state, denoised, sde, sigmas);
      if (sde.noise > 0)
        state.x = state.x + stepNoise(state, options_, sigmas, sigma, next) * (sde.noise * options_.sNoise);
    }
    state.history.insert(state.history.begin(), denoised);
    if (state.history.size() > 2) state.history.pop_back();
  }

 private:
  static at::Tensor slopes(const SamplerState& state, const at::Tensor& denoised, const ReverseSdeStep& sde,
                           std::span<const float> sigmas) {
    if (state.history.empty()) return at::zeros_like(denoised);
    const int i = state.step;
    const double r0 = std::log(sigmas[i - 1] / sigmas[i]) / sde.h;
    const at::Tensor last = (denoised - state.history[0]) / r0;
    if (state.history.size() < 2) return last * sde.phi2;
    const double r1 = std::log(sigmas[i - 2] / sigmas[i - 1]) / sde.h;
    const at::Tensor before = (state.history[0] - state.history[1]) / r1;
    const at::Tensor curvature = (last - before) / (r0 + r1);
    return (last + curvature * r0) * sde.phi2 - curvature * sde.phi3;
  }
  SamplerOptions options_;
};

}  // namespace

std::unique_ptr<SamplerBase> makeDpmPlusPlus3MSdeSampler(const SamplerOptions& options) {
  return std::make_unique<DpmPlusPlus3MSdeSampler>(options);
}

}  // namespace studio::engine
