#include "engine/sampling/samplers/arithmetic.h"
#include "engine/sampling/samplers/factories.h"
#include "engine/sampling/samplers/reverse_sde.h"

namespace studio::engine {
namespace {

/// How the change since the last estimates counts.
enum class BendRule { Midpoint, Heun, ThirdOrder };

/// DPM-Solver++ with the estimates of former steps (Lu et al. 2022, "DPM-Solver++"): 2M is algorithm 2; 2M SDE adds
/// noise, with the midpoint rule or the weights of Heun's (section 5 and appendix A); 3M SDE goes on to third order by
/// divided differences along log sigma, in k-diffusion's form. First order at the first step and at the last, to sigma
/// 0; third from the third. History: the last denoised, newest first, as many as the rule looks at.
class DpmPlusPlusMultistepSampler final : public SamplerBase {
 public:
  DpmPlusPlusMultistepSampler(const SamplerOptions& options, BendRule rule) : options_(options), rule_(rule) {}

  void step(SamplerState& state, const DenoiseFunction& denoise, std::span<const float> sigmas) const override {
    const double sigma = sigmas[state.step], next = sigmas[state.step + 1];
    const at::Tensor denoised = denoise(state.x, sigmas[state.step]).denoised;
    if (next == 0) {
      state.x = denoised;
    } else {
      const ReverseSdeStep sde(sigma, next, options_.eta);
      state.x = state.x * sde.keep + denoised * sde.phi1;
      if (!state.history.empty()) state.x = state.x + bend(state, denoised, sde, sigmas);
      if (sde.noise > 0)
        state.x = state.x + stepNoise(state, options_, sigmas, sigma, next) * (sde.noise * options_.sNoise);
    }
    state.history.insert(state.history.begin(), denoised);
    if (state.history.size() > (rule_ == BendRule::ThirdOrder ? 2 : 1)) state.history.pop_back();
  }

 private:
  at::Tensor bend(const SamplerState& state, const at::Tensor& denoised, const ReverseSdeStep& sde,
                  std::span<const float> sigmas) const {
    const auto stepsBack = [&](int i) { return std::log(double{sigmas[i - 1]} / sigmas[i]) / sde.h; };
    const double r0 = stepsBack(state.step);
    const at::Tensor last = (denoised - state.history[0]) / r0;
    if (rule_ == BendRule::Midpoint) return last * (sde.phi1 / 2);
    if (state.history.size() < 2) return last * sde.phi2;
    const double r1 = stepsBack(state.step - 1);
    const at::Tensor before = (state.history[0] - state.history[1]) / r1;
    const at::Tensor curvature = (last - before) / (r0 + r1);
    return (last + curvature * r0) * sde.phi2 - curvature * sde.phi3;
  }

  SamplerOptions options_;
  BendRule rule_;
};

}  // namespace

std::unique_ptr<SamplerBase> makeDpmPlusPlus2MSampler(const SamplerOptions&) {
  return std::make_unique<DpmPlusPlusMultistepSampler>(SamplerOptions{.eta = 0}, BendRule::Midpoint);
}

std::unique_ptr<SamplerBase> makeDpmPlusPlus2MSdeSampler(const SamplerOptions& options) {
  return std::make_unique<DpmPlusPlusMultistepSampler>(options, BendRule::Midpoint);
}

std::unique_ptr<SamplerBase> makeDpmPlusPlus2MSdeHeunSampler(const SamplerOptions& options) {
  return std::make_unique<DpmPlusPlusMultistepSampler>(options, BendRule::Heun);
}

std::unique_ptr<SamplerBase> makeDpmPlusPlus3MSdeSampler(const SamplerOptions& options) {
  return std::make_unique<DpmPlusPlusMultistepSampler>(options, BendRule::ThirdOrder);
}

}  // namespace studio::engine
