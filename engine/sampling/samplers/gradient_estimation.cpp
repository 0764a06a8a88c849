#include "engine/sampling/samplers/arithmetic.h"
#include "engine/sampling/samplers/factories.h"

namespace studio::engine {
namespace {

/// The gradient-estimation sampler (Permenter and Yuan 2024, "Interpreting and Improving Diffusion Models from an
/// Optimization Perspective", algorithm 2 with gamma 2): the slope is moved on by its change since the last step. The
/// step to sigma 0 is the estimate itself. History: the previous slope.
class GradientEstimationSampler final : public SamplerBase {
 public:
  void step(SamplerState& state, const DenoiseFunction& denoise, std::span<const float> sigmas) const override {
    const double sigma = sigmas[state.step], next = sigmas[state.step + 1];
    const at::Tensor denoised = denoise(state.x, sigmas[state.step]).denoised;
    const at::Tensor slope = odeSlope(state.x, denoised, sigma);
    if (next == 0) {
      state.x = denoised;
    } else {
      const at::Tensor moved = state.history.empty() ? slope : slope + (slope - state.history[0]) * (kGamma - 1);
      state.x = state.x + moved * (next - sigma);
    }
    state.history = {slope};
  }

 private:
  static constexpr double kGamma = 2;
};

}  // namespace

std::unique_ptr<SamplerBase> makeGradientEstimationSampler(const SamplerOptions&) {
  return std::make_unique<GradientEstimationSampler>();
}

}  // namespace studio::engine
