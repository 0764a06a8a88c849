#include "engine/sampling/samplers/arithmetic.h"
#include "engine/sampling/samplers/factories.h"

namespace studio::engine {
namespace {

/// DDIM with CFG++ (Chung et al. 2024, "CFG++: Manifold-constrained Classifier Free Guidance for Diffusion Models",
/// algorithm 1): the picture is the guided estimate, the noise that is kept is the negative prompt's. A part of it,
/// eta, is fresh.
class DdimCfgPlusPlusSampler final : public SamplerBase {
 public:
  explicit DdimCfgPlusPlusSampler(const SamplerOptions& options) : options_(options) {}

  void step(SamplerState& state, const DenoiseFunction& denoise, std::span<const float> sigmas) const override {
    const double sigma = sigmas[state.step], next = sigmas[state.step + 1];
    const auto [down, up] = ancestralStep(sigma, next, options_.ddimEta);
    const Estimate estimate = denoise(state.x, sigmas[state.step]);
    state.x = estimate.denoised + odeSlope(state.x, estimate.negative, sigma) * down;
    if (up > 0) state.x = state.x + drawNoise(state) * (up * options_.sNoise);
  }

  bool readsNegative() const override { return true; }

 private:
  SamplerOptions options_;
};

}  // namespace

std::unique_ptr<SamplerBase> makeDdimCfgPlusPlusSampler(const SamplerOptions& options) {
  return std::make_unique<DdimCfgPlusPlusSampler>(options);
}

}  // namespace studio::engine
