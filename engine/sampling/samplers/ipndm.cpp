#include "engine/sampling/samplers/arithmetic.h"
#include "engine/sampling/samplers/factories.h"
#include "engine/sampling/samplers/linear_multistep.h"

namespace studio::engine {
namespace {

/// iPNDM of order 4 (Liu et al. 2022, "Pseudo Numerical Methods for Diffusion Models on Manifolds", with the start by
/// lower orders of Zhang and Chen 2023): Adams-Bashforth coefficients of even steps, whatever the steps. The step to
/// sigma 0 is the estimate itself. History: slopes, newest first.
class IpndmSampler final : public SamplerBase {
 public:
  void step(SamplerState& state, const DenoiseFunction& denoise, std::span<const float> sigmas) const override {
    const double sigma = sigmas[state.step], next = sigmas[state.step + 1];
    const at::Tensor denoised = denoise(state.x, sigmas[state.step]).denoised;
    rememberSlope(state, odeSlope(state.x, denoised, sigma), 4);
    const std::size_t order = state.history.size();
    const auto weights = std::span(kAdamsBashforth[order - 1]).first(order);
    state.x = next == 0 ? denoised : state.x + weightedSlopes(state, weights) * (next - sigma);
  }
};

}  // namespace

std::unique_ptr<SamplerBase> makeIpndmSampler(const SamplerOptions&) { return std::make_unique<IpndmSampler>(); }

}  // namespace studio::engine
