#include "engine/sampling/samplers/arithmetic.h"
#include "engine/sampling/samplers/factories.h"

namespace studio::engine {
namespace {

/// Ancestral sampling with Euler steps: down to a lower sigma, then up again with fresh noise. With eta 1 this is DDPM
/// (Ho et al. 2020, section 3.2) written in sigmas. Draws from each picture's generator at every step but the last.
class EulerAncestralSampler final : public SamplerBase {
 public:
  explicit EulerAncestralSampler(const SamplerOptions& options) : options_(options) {}

  void step(SamplerState& state, const DenoiseFunction& denoise, std::span<const float> sigmas) const override {
    const double sigma = sigmas[state.step], next = sigmas[state.step + 1];
    const auto [down, up] = ancestralStep(sigma, next, options_.eta);
    const at::Tensor denoised = denoise(state.x, sigmas[state.step]).denoised;
    state.x = state.x + odeSlope(state.x, denoised, sigma) * (down - sigma);
    if (next > 0) state.x = state.x + drawNoise(state) * (up * options_.sNoise);
  }

 private:
  SamplerOptions options_;
};

}  // namespace

std::unique_ptr<SamplerBase> makeEulerAncestralSampler(const SamplerOptions& options) {
  return std::make_unique<EulerAncestralSampler>(options);
}

}  // namespace studio::engine
