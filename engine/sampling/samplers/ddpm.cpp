#include "engine/sampling/samplers/arithmetic.h"
#include "engine/sampling/samplers/factories.h"

namespace studio::engine {
namespace {

/// DDPM (Ho et al. 2020, "Denoising Diffusion Probabilistic Models", equations 6 and 7): the mean of the posterior
/// between the latent and the estimate, and its variance. In sigmas both are quotients of squares.
class DdpmSampler final : public SamplerBase {
 public:
  explicit DdpmSampler(const SamplerOptions& options) : options_(options) {}

  void step(SamplerState& state, const DenoiseFunction& denoise, std::span<const float> sigmas) const override {
    const double sigma = sigmas[state.step], next = sigmas[state.step + 1];
    const at::Tensor denoised = denoise(state.x, sigmas[state.step]).denoised;
    const double share = next * next / (sigma * sigma);
    state.x = denoised * (1 - share) + state.x * share;
    if (next > 0) state.x = state.x + drawNoise(state) * (next * std::sqrt(1 - share) * options_.sNoise);
  }

 private:
  SamplerOptions options_;
};

}  // namespace

std::unique_ptr<SamplerBase> makeDdpmSampler(const SamplerOptions& options) {
  return std::make_unique<DdpmSampler>(options);
}

}  // namespace studio::engine
