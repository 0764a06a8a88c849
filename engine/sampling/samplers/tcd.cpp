#include "engine/sampling/samplers/arithmetic.h"
#include "engine/sampling/samplers/factories.h"

namespace studio::engine {
namespace {

/// Strategic stochastic sampling of a trajectory consistency model (Zheng et al. 2024, "Trajectory Consistency
/// Distillation", algorithm 4): along the trajectory past the next timestep to (1 − gamma) of it, then back up with
/// fresh noise.
class TcdSampler final : public SamplerBase {
 public:
  explicit TcdSampler(const SamplerOptions& options) : options_(options) {}

  void step(SamplerState& state, const DenoiseFunction& denoise, std::span<const float> sigmas) const override {
    const double sigma = sigmas[state.step], next = sigmas[state.step + 1];
    const at::Tensor denoised = denoise(state.x, sigmas[state.step]).denoised;
    if (next == 0) {
      state.x = denoised;
      return;
    }
    constexpr double kRounding = 1e-3;  // of timesteps found from fp32 sigmas
    const double timestep = options_.training.timestepAt(next) + kRounding;
    const double down = std::min(next, options_.training.sigmaAt(std::floor((1 - kGamma) * timestep)));
    const double up = std::sqrt(next * next - down * down);
    state.x = denoised + odeSlope(state.x, denoised, sigma) * down + drawNoise(state) * (up * options_.sNoise);
  }

 private:
  static constexpr double kGamma = 0.3;  // the paper's recommendation
  SamplerOptions options_;
};

}  // namespace

std::unique_ptr<SamplerBase> makeTcdSampler(const SamplerOptions& options) {
  return std::make_unique<TcdSampler>(options);
}

}  // namespace studio::engine
