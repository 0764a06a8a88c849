#include "engine/sampling/samplers/arithmetic.h"
#include "engine/sampling/samplers/churn.h"
#include "engine/sampling/samplers/factories.h"

namespace studio::engine {
namespace {

/// Heun++ as published in the web UI extension "sd-webui-samplers-scheduler" (Carzit 2023; there is no paper): the
/// slope is a mean of those here, one step on and two steps on, the later two weighted with their sigma as a part of
/// the first. Three network calls a step, two at the last but one, one at the last.
class HeunPlusPlus2Sampler final : public SamplerBase {
 public:
  explicit HeunPlusPlus2Sampler(const SamplerOptions& options) : options_(options) {}

  void step(SamplerState& state, const DenoiseFunction& denoise, std::span<const float> sigmas) const override {
    const double sigma = churn(state, options_, sigmas), next = sigmas[state.step + 1];
    const int ahead = slopesAhead(state.step, sigmas);
    const at::Tensor first = odeSlope(state.x, denoise(state.x, static_cast<float>(sigma)).denoised, sigma);
    at::Tensor probe = state.x, slope = first, mean = first;
    double from = sigma;
    for (int i = 1; i <= ahead; ++i) {
      const double there = sigmas[state.step + i];
      probe = probe + slope * (there - from);
      slope = odeSlope(probe, denoise(probe, sigmas[state.step + i]).denoised, there);
      mean = mean + (slope - first) * (there / ((ahead + 1) * double{sigmas[0]}));
      from = there;
    }
    state.x = state.x + mean * (next - sigma);
  }

  int networkCalls(int step, std::span<const float> sigmas) const override { return 1 + slopesAhead(step, sigmas); }

 private:
  static int slopesAhead(int step, std::span<const float> sigmas) {
    return std::min(2, static_cast<int>(sigmas.size()) - 2 - step);
  }
  SamplerOptions options_;
};

}  // namespace

std::unique_ptr<SamplerBase> makeHeunPlusPlus2Sampler(const SamplerOptions& options) {
  return std::make_unique<HeunPlusPlus2Sampler>(options);
}

}  // namespace studio::engine
