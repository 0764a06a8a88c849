#include "engine/sampling/samplers/arithmetic.h"
#include "engine/sampling/samplers/churn.h"
#include "engine/sampling/samplers/factories.h"

namespace studio::engine {
namespace {

/// The midpoint rule of DPM-Solver-2 in log sigma (Lu et al. 2022, "DPM-Solver", algorithm 1), with the churn of Karras
/// et al. 2022, algorithm 2 (DPM2), or as the way down of ancestral sampling (DPM2 a). Two network calls a step; where
/// the way down ends at sigma 0 it is Euler's, with one.
class Dpm2Sampler final : public SamplerBase {
 public:
  explicit Dpm2Sampler(const SamplerOptions& options) : options_(options) {}

  void step(SamplerState& state, const DenoiseFunction& denoise, std::span<const float> sigmas) const override {
    const double sigma = churn(state, options_, sigmas), next = sigmas[state.step + 1];
    const auto [down, up] = ancestralStep(sigma, next, options_.eta);
    const at::Tensor slope = odeSlope(state.x, denoise(state.x, static_cast<float>(sigma)).denoised, sigma);
    if (down == 0) {
      state.x = state.x + slope * (down - sigma);
    } else {
      const double middle = std::sqrt(sigma * down);
      const at::Tensor half = state.x + slope * (middle - sigma);
      const at::Tensor slopeThere = odeSlope(half, denoise(half, static_cast<float>(middle)).denoised, middle);
      state.x = state.x + slopeThere * (down - sigma);
    }
    if (options_.eta > 0 && next > 0) state.x = state.x + drawNoise(state) * (up * options_.sNoise);
  }

  int networkCalls(int step, std::span<const float> sigmas) const override { return sigmas[step + 1] == 0 ? 1 : 2; }

 private:
  SamplerOptions options_;
};

}  // namespace

std::unique_ptr<SamplerBase> makeDpm2Sampler(const SamplerOptions& options) {
  SamplerOptions churned = options;
  churned.eta = 0;
  return std::make_unique<Dpm2Sampler>(churned);
}

std::unique_ptr<SamplerBase> makeDpm2AncestralSampler(const SamplerOptions& options) {
  SamplerOptions ancestral = options;
  ancestral.sChurn = 0;
  return std::make_unique<Dpm2Sampler>(ancestral);
}

}  // namespace studio::engine
