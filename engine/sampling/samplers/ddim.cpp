#include "engine/sampling/samplers/arithmetic.h"
#include "engine/sampling/samplers/factories.h"

namespace studio::engine {
namespace {

/// DDIM (Song et al. 2021, "Denoising Diffusion Implicit Models", equation 12): predicted picture plus the predicted
/// noise at its next strength, a part of which, eta, may be fresh. Divided by sqrt(alpha bar) the paper's terms become
/// sigmas (section 4.3, equation 13).
class DdimSampler final : public SamplerBase {
 public:
  explicit DdimSampler(const SamplerOptions& options) : options_(options) {}

  void step(SamplerState& state, const DenoiseFunction& denoise, std::span<const float> sigmas) const override {
    const double sigma = sigmas[state.step], next = sigmas[state.step + 1];
    const auto [down, up] = ancestralStep(sigma, next, options_.ddimEta);
    const at::Tensor denoised = denoise(state.x, sigmas[state.step]).denoised;
    state.x = denoised + odeSlope(state.x, denoised, sigma) * down;
    if (up > 0) state.x = state.x + drawNoise(state) * (up * options_.sNoise);
  }

 private:
  SamplerOptions options_;
};

}  // namespace

std::unique_ptr<SamplerBase> makeDdimSampler(const SamplerOptions& options) {
  return std::make_unique<DdimSampler>(options);
}

}  // namespace studio::engine
