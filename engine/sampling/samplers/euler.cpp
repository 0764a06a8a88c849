#include "engine/sampling/samplers/arithmetic.h"
#include "engine/sampling/samplers/factories.h"

namespace studio::engine {
namespace {

/// Euler's method for the probability-flow ODE (Karras et al. 2022, "Elucidating the Design Space of Diffusion-Based
/// Generative Models", algorithm 1 without the correction).
class EulerSampler final : public SamplerBase {
 public:
  void step(SamplerState& state, const DenoiseFunction& denoise, std::span<const float> sigmas) const override {
    const float sigma = sigmas[state.step], next = sigmas[state.step + 1];
    const at::Tensor denoised = denoise(state.x, sigma);
    state.x = state.x + odeSlope(state.x, denoised, sigma) * (next - sigma);
  }
};

}  // namespace

std::unique_ptr<SamplerBase> makeEulerSampler() { return std::make_unique<EulerSampler>(); }

}  // namespace studio::engine
