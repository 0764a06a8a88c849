#include "engine/sampling/samplers/arithmetic.h"
#include "engine/sampling/samplers/churn.h"
#include "engine/sampling/samplers/factories.h"

namespace studio::engine {
namespace {

/// The midpoint rule of DPM-Solver-2 in log sigma (Lu et al. 2022, "DPM-Solver", algorithm 1) with the churn of Karras
/// et al. 2022, algorithm 2. Two network calls a step; the last, to sigma 0, is Euler's.
class Dpm2Sampler final : public SamplerBase {
 public:
  explicit Dpm2Sampler(const SamplerOptions& options) : options_(options) {}

  void step(SamplerState& state, const DenoiseFunction& denoise, std::span<const float> sigmas) const override {
    const double sigma = churn(state, options_, sigmas), next = sigmas[state.step + 1];
    const at::Tensor slope = odeSlope(state.x, denoise(state.x, static_cast<float>(sigma)).denoised, sigma);
    if (next == 0) {
      state.x = state.x + slope * (next - sigma);
      return;
    }
    const double middle = std::sqrt(sigma * next);
    const at::Tensor half = state.x + slope * (middle - sigma);
    const at::Tensor slopeThere = odeSlope(half, denoise(half, static_cast<float>(middle)).denoised, middle);
    state.x = state.x + slopeThere * (next - sigma);
  }

  int networkCalls(int step, std::span<const float> sigmas) const override { return sigmas[step + 1] == 0 ? 1 : 2; }

 private:
  SamplerOptions options_;
};

}  // namespace

std::unique_ptr<SamplerBase> makeDpm2Sampler(const SamplerOptions& options) {
  return std::make_unique<Dpm2Sampler>(options);
}

}  // namespace studio::engine
