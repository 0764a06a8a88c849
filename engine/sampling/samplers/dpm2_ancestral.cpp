#include "engine/sampling/samplers/arithmetic.h"
#include "engine/sampling/samplers/factories.h"

namespace studio::engine {
namespace {

/// Ancestral sampling whose way down is the midpoint rule of DPM-Solver-2 in log sigma (Lu et al. 2022, "DPM-Solver",
/// algorithm 1). Two network calls a step; where the way down ends at sigma 0 it is Euler's, with one.
class Dpm2AncestralSampler final : public SamplerBase {
 public:
  explicit Dpm2AncestralSampler(const SamplerOptions& options) : options_(options) {}

  void step(SamplerState& state, const DenoiseFunction& denoise, std::span<const float> sigmas) const override {
    const double sigma = sigmas[state.step], next = sigmas[state.step + 1];
    const auto [down, up] = ancestralStep(sigma, next, options_.eta);
    const at::Tensor slope = odeSlope(state.x, denoise(state.x, sigmas[state.step]).denoised, sigma);
    if (down == 0) {
      state.x = state.x + slope * (down - sigma);
    } else {
      const double middle = std::sqrt(sigma * down);
      const at::Tensor half = state.x + slope * (middle - sigma);
      const at::Tensor slopeThere = odeSlope(half, denoise(half, static_cast<float>(middle)).denoised, middle);
      state.x = state.x + slopeThere * (down - sigma);
    }
    if (next > 0) state.x = state.x + drawNoise(state) * (up * options_.sNoise);
  }

  int networkCalls(int step, std::span<const float> sigmas) const override { return sigmas[step + 1] == 0 ? 1 : 2; }

 private:
  SamplerOptions options_;
};

}  // namespace

std::unique_ptr<SamplerBase> makeDpm2AncestralSampler(const SamplerOptions& options) {
  return std::make_unique<Dpm2AncestralSampler>(options);
}

}  // namespace studio::engine
