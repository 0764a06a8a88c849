#include "engine/sampling/samplers/arithmetic.h"
#include "engine/sampling/samplers/factories.h"
#include "engine/sampling/samplers/reverse_sde.h"

namespace studio::engine {
namespace {

/// SDE-DPM-Solver++ with two stages a step, the middle at half of the step in log sigma (Lu et al. 2022,
/// "DPM-Solver++", section 5, in the ancestral form of k-diffusion). Both stages start from the same latent and have
/// noise of their own. Two network calls a step, one at the last.
class DpmPlusPlusSdeSampler final : public SamplerBase {
 public:
  explicit DpmPlusPlusSdeSampler(const SamplerOptions& options) : options_(options) {}

  void step(SamplerState& state, const DenoiseFunction& denoise, std::span<const float> sigmas) const override {
    const double sigma = sigmas[state.step], next = sigmas[state.step + 1];
    const at::Tensor denoised = denoise(state.x, sigmas[state.step]).denoised;
    if (next == 0) {
      state.x = denoised;
      return;
    }
    const double middle = std::sqrt(sigma * next);
    const at::Tensor half = stage(state, denoised, sigma, middle, sigmas);
    state.x = stage(state, denoise(half, static_cast<float>(middle)).denoised, sigma, next, sigmas);
  }

  int networkCalls(int step, std::span<const float> sigmas) const override { return sigmas[step + 1] == 0 ? 1 : 2; }

 private:
  at::Tensor stage(SamplerState& state, const at::Tensor& denoised, double from, double to,
                   std::span<const float> sigmas) const {
    const auto [down, up] = ancestralStep(from, to, options_.eta);
    const at::Tensor fresh = stepNoise(state, options_, sigmas, from, to) * (up * options_.sNoise);
    return state.x * (down / from) + denoised * (1 - down / from) + fresh;
  }
  SamplerOptions options_;
};

}  // namespace

std::unique_ptr<SamplerBase> makeDpmPlusPlusSdeSampler(const SamplerOptions& options) {
  return std::make_unique<DpmPlusPlusSdeSampler>(options);
}

}  // namespace studio::engine
