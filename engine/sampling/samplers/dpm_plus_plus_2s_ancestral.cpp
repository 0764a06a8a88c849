#include "engine/sampling/samplers/arithmetic.h"
#include "engine/sampling/samplers/factories.h"

namespace studio::engine {
namespace {

/// Ancestral sampling whose way down is DPM-Solver++(2S) with its middle at half of the step in log sigma (Lu et al.
/// 2022, "DPM-Solver++", algorithm 1). Two network calls a step, one at the last.
class DpmPlusPlus2SAncestralSampler final : public SamplerBase {
 public:
  explicit DpmPlusPlus2SAncestralSampler(const SamplerOptions& options) : options_(options) {}

  void step(SamplerState& state, const DenoiseFunction& denoise, std::span<const float> sigmas) const override {
    const double sigma = sigmas[state.step], next = sigmas[state.step + 1];
    const auto [down, up] = ancestralStep(sigma, next, options_.eta);
    const at::Tensor denoised = denoise(state.x, sigmas[state.step]).denoised;
    if (down == 0) {
      state.x = denoised;
    } else {
      const double middle = std::sqrt(sigma * down);
      const at::Tensor half = state.x * (middle / sigma) + denoised * (1 - middle / sigma);
      const at::Tensor denoisedThere = denoise(half, static_cast<float>(middle)).denoised;
      state.x = state.x * (down / sigma) + denoisedThere * (1 - down / sigma);
    }
    if (next > 0) state.x = state.x + drawNoise(state) * (up * options_.sNoise);
  }

  int networkCalls(int step, std::span<const float> sigmas) const override { return sigmas[step + 1] == 0 ? 1 : 2; }

 private:
  SamplerOptions options_;
};

}  // namespace

std::unique_ptr<SamplerBase> makeDpmPlusPlus2SAncestralSampler(const SamplerOptions& options) {
  return std::make_unique<DpmPlusPlus2SAncestralSampler>(options);
}

}  // namespace studio::engine
