#include "engine/sampling/samplers/arithmetic.h"
#include "engine/sampling/samplers/factories.h"

namespace studio::engine {
namespace {

/// Euler's method with CFG++ (Chung et al. 2024, "CFG++: Manifold-constrained Classifier Free Guidance for Diffusion
/// Models", algorithm 1): the picture is the guided estimate, the noise that is kept is the negative prompt's.
class EulerCfgPlusPlusSampler final : public SamplerBase {
 public:
  void step(SamplerState& state, const DenoiseFunction& denoise, std::span<const float> sigmas) const override {
    const double sigma = sigmas[state.step], next = sigmas[state.step + 1];
    const Estimate estimate = denoise(state.x, sigmas[state.step]);
    state.x = estimate.denoised + odeSlope(state.x, estimate.negative, sigma) * next;
  }

  bool readsNegative() const override { return true; }
};

}  // namespace

std::unique_ptr<SamplerBase> makeEulerCfgPlusPlusSampler(const SamplerOptions&) {
  return std::make_unique<EulerCfgPlusPlusSampler>();
}

}  // namespace studio::engine
