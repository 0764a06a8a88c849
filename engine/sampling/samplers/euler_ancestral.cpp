#include "engine/sampling/samplers/arithmetic.h"
#include "engine/sampling/samplers/factories.h"

namespace studio::engine {
namespace {

/// Ancestral sampling with Euler steps: down to a lower sigma, then up again with fresh noise so that the variance is
/// that of the DDPM posterior (Ho et al. 2020, section 3.2; Song et al. 2021, "Denoising Diffusion Implicit Models",
/// equation 16 with eta 1, written in sigmas). Draws from each picture's generator at every step but the last.
class EulerAncestralSampler final : public SamplerBase {
 public:
  void step(SamplerState& state, const DenoiseFunction& denoise, std::span<const float> sigmas) const override {
    const float sigma = sigmas[state.step], next = sigmas[state.step + 1];
    const double now2 = double{sigma} * sigma, next2 = double{next} * next;
    const double up = std::sqrt(next2 * (now2 - next2) / now2);
    const double down = std::sqrt(next2 - up * up);

    const at::Tensor denoised = denoise(state.x, sigma);
    state.x = state.x + odeSlope(state.x, denoised, sigma) * (down - sigma);
    if (next > 0) state.x = state.x + drawNoise(state) * up;
  }
};

}  // namespace

std::unique_ptr<SamplerBase> makeEulerAncestralSampler() { return std::make_unique<EulerAncestralSampler>(); }

}  // namespace studio::engine
