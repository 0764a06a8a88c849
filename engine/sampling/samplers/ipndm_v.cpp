#include "engine/sampling/samplers/arithmetic.h"
#include "engine/sampling/samplers/factories.h"
#include "engine/sampling/samplers/linear_multistep.h"

#include <array>

namespace studio::engine {
namespace {

/// Newton's form: each order adds a multiple of the next divided difference of the slopes.
std::array<double, 4> unevenWeights(const std::array<double, 4>& h, std::size_t order) {
  if (order == 1) return {1, 0, 0, 0};
  const double ratio = h[0] / h[1];
  std::array<double, 4> weights{1 + ratio / 2, -ratio / 2, 0, 0};
  if (order == 2) return weights;
  const double two = h[0] + h[1], a = h[1] / h[2];
  const double second = (1 - h[0] / (3 * two) * (h[0] * two) / (h[1] * (h[1] + h[2]))) / 2;
  weights[0] += second;
  weights[1] -= (1 + a) * second;
  weights[2] += a * second;
  if (order == 3) return weights;
  const double three = two + h[2], b = h[1] * (h[1] + h[2]) / (h[2] * (h[2] + h[3]));
  const double third = ((1 - h[0] / (3 * two)) / 2 + (1 - h[0] / (2 * two)) * h[0] / (6 * three)) *
                       (h[0] * two * three) / (h[1] * (h[1] + h[2]) * (h[1] + h[2] + h[3]));
  weights[0] += third;
  weights[1] -= (1 + a + b) * third;
  weights[2] += (a + b * (1 + h[2] / h[3])) * third;
  weights[3] -= b * a * third;
  return weights;
}

/// iPNDM with coefficients for uneven steps, of order 4 at most (Zhang and Chen 2023, "Fast Sampling of Diffusion
/// Models with Exponential Integrator", section 3; Zhou et al. 2024, "Fast ODE-based Sampling for Diffusion Models in
/// Around 5 Steps", whose published program is followed: its third difference is not quite Adams-Bashforth's). The step
/// to sigma 0 is the estimate itself. History: slopes, newest first.
class IpndmVSampler final : public SamplerBase {
 public:
  void step(SamplerState& state, const DenoiseFunction& denoise, std::span<const float> sigmas) const override {
    const double sigma = sigmas[state.step], next = sigmas[state.step + 1];
    const at::Tensor denoised = denoise(state.x, sigmas[state.step]).denoised;
    rememberSlope(state, odeSlope(state.x, denoised, sigma), 4);
    if (next == 0) {
      state.x = denoised;
      return;
    }
    std::array<double, 4> h{};  // of this step and those before it
    for (std::size_t i = 0; i < state.history.size(); ++i) {
      const std::size_t at = static_cast<std::size_t>(state.step) - i;
      h[i] = double{sigmas[at + 1]} - sigmas[at];
    }
    const auto weights = unevenWeights(h, state.history.size());
    state.x = state.x + weightedSlopes(state, std::span(weights).first(state.history.size())) * (next - sigma);
  }
};

}  // namespace

std::unique_ptr<SamplerBase> makeIpndmVSampler(const SamplerOptions&) { return std::make_unique<IpndmVSampler>(); }

}  // namespace studio::engine
