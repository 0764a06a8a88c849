#include "engine/sampling/samplers/arithmetic.h"
#include "engine/sampling/samplers/factories.h"

namespace studio::engine {
namespace {

/// One estimate a step: the picture, the noise that the latent holds at a lower strength, and fresh noise up to the
/// next sigma (Song et al. 2021, "Denoising Diffusion Implicit Models", equation 12; divided by sqrt(alpha bar) its
/// terms become sigmas, section 4.3). eta is the part that is fresh. With 1 this is DDPM (Ho et al. 2020, "Denoising
/// Diffusion Probabilistic Models", equations 6 and 7), and Euler a: a step of Euler's method down, then noise. Draws
/// from each picture's generator at every step but the last.
class AncestralSampler final : public SamplerBase {
 public:
  AncestralSampler(double eta, double sNoise) : eta_(eta), sNoise_(sNoise) {}

  void step(SamplerState& state, const DenoiseFunction& denoise, std::span<const float> sigmas) const override {
    const double sigma = sigmas[state.step], next = sigmas[state.step + 1];
    const auto [down, up] = ancestralStep(sigma, next, eta_);
    const at::Tensor denoised = denoise(state.x, sigmas[state.step]).denoised;
    state.x = denoised + odeSlope(state.x, denoised, sigma) * down;
    if (eta_ > 0 && next > 0) state.x = state.x + drawNoise(state) * (up * sNoise_);
  }

 private:
  double eta_, sNoise_;
};

}  // namespace

std::unique_ptr<SamplerBase> makeEulerAncestralSampler(const SamplerOptions& options) {
  return std::make_unique<AncestralSampler>(options.eta, options.sNoise);
}

std::unique_ptr<SamplerBase> makeDdimSampler(const SamplerOptions& options) {
  return std::make_unique<AncestralSampler>(options.ddimEta, options.sNoise);
}

std::unique_ptr<SamplerBase> makeDdpmSampler(const SamplerOptions& options) {
  return std::make_unique<AncestralSampler>(1, options.sNoise);
}

}  // namespace studio::engine
