#include "engine/sampling/samplers/arithmetic.h"
#include "engine/sampling/samplers/churn.h"
#include "engine/sampling/samplers/factories.h"

namespace studio::engine {
namespace {

/// Heun's second-order method for the probability-flow ODE (Karras et al. 2022, algorithm 2). Two network calls a
/// step; the last step, to sigma 0, is Euler's.
class HeunSampler final : public SamplerBase {
 public:
  explicit HeunSampler(const SamplerOptions& options) : options_(options) {}

  void step(SamplerState& state, const DenoiseFunction& denoise, std::span<const float> sigmas) const override {
    const double sigma = churn(state, options_, sigmas), next = sigmas[state.step + 1];
    const at::Tensor slope = odeSlope(state.x, denoise(state.x, static_cast<float>(sigma)).denoised, sigma);
    const at::Tensor guess = state.x + slope * (next - sigma);
    if (next == 0) {
      state.x = guess;
      return;
    }
    const at::Tensor slopeThere = odeSlope(guess, denoise(guess, sigmas[state.step + 1]).denoised, next);
    state.x = state.x + (slope + slopeThere) * ((next - sigma) / 2);
  }

  int networkCalls(int step, std::span<const float> sigmas) const override { return sigmas[step + 1] == 0 ? 1 : 2; }

 private:
  SamplerOptions options_;
};

}  // namespace

std::unique_ptr<SamplerBase> makeHeunSampler(const SamplerOptions& options) {
  return std::make_unique<HeunSampler>(options);
}

}  // namespace studio::engine
