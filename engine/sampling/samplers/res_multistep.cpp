#include "engine/sampling/samplers/arithmetic.h"
#include "engine/sampling/samplers/factories.h"

namespace studio::engine {
namespace {

/// The refined exponential solver, multistep of second order (Zhang et al. 2023, "Improved Order Analysis and Design of
/// Exponential Integrator for Diffusion Models Sampling", section 4): exact order conditions in log sigma. First order
/// at the first step and at the last. With eta it is the way down of ancestral sampling; with CFG++ (see
/// cfg_plus_plus.cpp) it remembers the negative prompt's estimates, both as ComfyUI does. History: the previous
/// estimate.
class ResMultistepSampler final : public SamplerBase {
 public:
  ResMultistepSampler(double eta, double sNoise, bool cfgPlusPlus)
      : eta_(eta), sNoise_(sNoise), cfgPlusPlus_(cfgPlusPlus) {}

  void step(SamplerState& state, const DenoiseFunction& denoise, std::span<const float> sigmas) const override {
    const double sigma = sigmas[state.step], next = sigmas[state.step + 1];
    const auto [down, up] = ancestralStep(sigma, next, eta_);
    const auto [denoised, negative] = denoise(state.x, sigmas[state.step]);
    const at::Tensor x = cfgPlusPlus_ ? state.x + (denoised - negative) : state.x;
    const at::Tensor remembered = cfgPlusPlus_ ? negative : denoised;
    if (state.history.empty() || down == 0) {
      state.x = denoised + odeSlope(x, denoised, sigma) * down;
    } else {
      const double before = sigmas[state.step - 1], beforeDown = ancestralStep(before, sigma, eta_).down;
      const double h = std::log(sigma / down), lastNode = -std::log(before / beforeDown) / h;
      const double phi1 = std::expm1(-h) / -h, phi2 = (phi1 - 1) / -h;
      const double weight = phi2 / lastNode;
      state.x = x * (down / sigma) + (remembered * (phi1 - weight) + state.history[0] * weight) * h;
    }
    if (eta_ > 0 && next > 0) state.x = state.x + drawNoise(state) * (up * sNoise_);
    state.history = {remembered};
  }

  bool readsNegative() const override { return cfgPlusPlus_; }

 private:
  double eta_, sNoise_;
  bool cfgPlusPlus_;
};

}  // namespace

std::unique_ptr<SamplerBase> makeResMultistepSampler(const SamplerOptions&) {
  return std::make_unique<ResMultistepSampler>(0, 1, false);
}

std::unique_ptr<SamplerBase> makeResMultistepAncestralSampler(const SamplerOptions& options) {
  return std::make_unique<ResMultistepSampler>(options.eta, options.sNoise, false);
}

std::unique_ptr<SamplerBase> makeResMultistepCfgPlusPlusSampler(const SamplerOptions&) {
  return std::make_unique<ResMultistepSampler>(0, 1, true);
}

std::unique_ptr<SamplerBase> makeResMultistepAncestralCfgPlusPlusSampler(const SamplerOptions& options) {
  return std::make_unique<ResMultistepSampler>(options.eta, options.sNoise, true);
}

}  // namespace studio::engine
