#include "engine/sampling/samplers/arithmetic.h"
#include "engine/sampling/samplers/factories.h"

namespace studio::engine {
namespace {

/// The refined exponential solver, multistep of second order (Zhang et al. 2023, "Improved Order Analysis and Design of
/// Exponential Integrator for Diffusion Models Sampling", section 4): exact order conditions in log sigma. First order
/// at the first step and at the last. History: the previous denoised.
class ResMultistepSampler final : public SamplerBase {
 public:
  void step(SamplerState& state, const DenoiseFunction& denoise, std::span<const float> sigmas) const override {
    const double sigma = sigmas[state.step], next = sigmas[state.step + 1];
    const at::Tensor denoised = denoise(state.x, sigmas[state.step]).denoised;
    if (next == 0) {
      state.x = denoised;
    } else if (state.history.empty()) {
      state.x = state.x + odeSlope(state.x, denoised, sigma) * (next - sigma);
    } else {
      const double h = std::log(sigma / next);
      const double lastNode = -std::log(sigmas[state.step - 1] / sigma) / h;
      const double phi1 = std::expm1(-h) / -h, phi2 = (phi1 - 1) / -h;
      const double weight = phi2 / lastNode;
      state.x = state.x * (next / sigma) + (denoised * (phi1 - weight) + state.history[0] * weight) * h;
    }
    state.history = {denoised};
  }
};

}  // namespace

std::unique_ptr<SamplerBase> makeResMultistepSampler(const SamplerOptions&) {
  return std::make_unique<ResMultistepSampler>();
}

}  // namespace studio::engine
