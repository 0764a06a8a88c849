#include "engine/sampling/samplers/arithmetic.h"
#include "engine/sampling/samplers/churn.h"
#include "engine/sampling/samplers/factories.h"

namespace studio::engine {
namespace {

/// Euler's method for the probability-flow ODE (Karras et al. 2022, "Elucidating the Design Space of Diffusion-Based
/// Generative Models", algorithm 2 without the correction).
class EulerSampler final : public SamplerBase {
 public:
  explicit EulerSampler(const SamplerOptions& options) : options_(options) {}

  void step(SamplerState& state, const DenoiseFunction& denoise, std::span<const float> sigmas) const override {
    const double sigma = churn(state, options_, sigmas), next = sigmas[state.step + 1];
    const at::Tensor denoised = denoise(state.x, static_cast<float>(sigma)).denoised;
    state.x = state.x + odeSlope(state.x, denoised, sigma) * (next - sigma);
  }

 private:
  SamplerOptions options_;
};

}  // namespace

std::unique_ptr<SamplerBase> makeEulerSampler(const SamplerOptions& options) {
  return std::make_unique<EulerSampler>(options);
}

}  // namespace studio::engine
