#include "engine/sampling/samplers/arithmetic.h"
#include "engine/sampling/samplers/factories.h"

#include <utility>

namespace studio::engine {
namespace {

/// CFG++ (Chung et al. 2024, "CFG++: Manifold-constrained Classifier Free Guidance for Diffusion Models", algorithm 1):
/// the picture is the guided estimate, the noise that is kept is the negative prompt's. The latent is moved until the
/// noise in it, seen from the guided estimate, is that noise; then a sampler that asks for the estimate of its latent
/// first takes its step. Where that one remembers estimates, it remembers the negative prompt's when told to.
class CfgPlusPlusSampler final : public SamplerBase {
 public:
  CfgPlusPlusSampler(std::unique_ptr<SamplerBase> plain, bool remembersNegative)
      : plain_(std::move(plain)), remembersNegative_(remembersNegative) {}

  void step(SamplerState& state, const DenoiseFunction& denoise, std::span<const float> sigmas) const override {
    const Estimate here = denoise(state.x, sigmas[state.step]);
    state.x = state.x + (here.denoised - here.negative);
    bool asked = false;
    const auto onceKnown = [&](const at::Tensor& x, float sigma) {
      return std::exchange(asked, true) ? denoise(x, sigma) : here;
    };
    plain_->step(state, onceKnown, sigmas);
    if (remembersNegative_) state.history[0] = here.negative;
  }

  int networkCalls(int step, std::span<const float> sigmas) const override {
    return plain_->networkCalls(step, sigmas);
  }
  bool readsNegative() const override { return true; }

 private:
  std::unique_ptr<SamplerBase> plain_;
  bool remembersNegative_;
};

std::unique_ptr<SamplerBase> withCfgPlusPlus(std::unique_ptr<SamplerBase> plain, bool remembersNegative = false) {
  return std::make_unique<CfgPlusPlusSampler>(std::move(plain), remembersNegative);
}

}  // namespace

std::unique_ptr<SamplerBase> makeEulerCfgPlusPlusSampler(const SamplerOptions&) {
  return withCfgPlusPlus(makeEulerAncestralSampler({.eta = 0}));
}

std::unique_ptr<SamplerBase> makeEulerAncestralCfgPlusPlusSampler(const SamplerOptions& options) {
  return withCfgPlusPlus(makeEulerAncestralSampler(options));
}

std::unique_ptr<SamplerBase> makeDdimCfgPlusPlusSampler(const SamplerOptions& options) {
  return withCfgPlusPlus(makeDdimSampler(options));
}

std::unique_ptr<SamplerBase> makeDpmPlusPlus2SAncestralCfgPlusPlusSampler(const SamplerOptions& options) {
  return withCfgPlusPlus(makeDpmPlusPlus2SAncestralSampler(options));
}

/// The change since the last estimate counts from the negative prompt's, as in ComfyUI.
std::unique_ptr<SamplerBase> makeDpmPlusPlus2MCfgPlusPlusSampler(const SamplerOptions& options) {
  return withCfgPlusPlus(makeDpmPlusPlus2MSampler(options), true);
}

std::unique_ptr<SamplerBase> makeGradientEstimationCfgPlusPlusSampler(const SamplerOptions& options) {
  return withCfgPlusPlus(makeGradientEstimationSampler(options));
}

}  // namespace studio::engine
