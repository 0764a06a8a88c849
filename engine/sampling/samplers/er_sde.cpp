#include "engine/sampling/samplers/arithmetic.h"
#include "engine/sampling/samplers/factories.h"

#include <utility>
#include <vector>

namespace studio::engine {
namespace {

double noiseScale(double sigma) { return sigma * (std::exp(std::pow(sigma, 0.3)) + 10); }

/// What the first and second derivative of the estimate along sigma contribute on the way from sigma to next.
std::pair<double, double> integralWeights(double sigma, double next) {
  constexpr int kPoints = 200;
  const double dt = next - sigma, width = -dt / kPoints;
  double sum = 0, moment = 0;
  for (int i = 0; i < kPoints; ++i) {
    const double place = next + i * width;
    sum += width / noiseScale(place);
    moment += width * (place - sigma) / noiseScale(place);
  }
  return {dt + sum * noiseScale(next), dt * dt / 2 + moment * noiseScale(next)};
}

/// ER-SDE-Solver-3 (Cui et al. 2023, "Elucidating the Solution Space of Extended Reverse-Time SDE for Diffusion
/// Models", algorithm 3 in its variance-exploding form, with the paper's noise scale of section 4 and its sums of 200
/// points). The order rises from 1 to 3; the step to sigma 0 is the estimate itself. History: the previous denoised,
/// then the previous slope of the denoised along sigma.
class ErSdeSampler final : public SamplerBase {
 public:
  explicit ErSdeSampler(const SamplerOptions& options) : options_(options) {}

  void step(SamplerState& state, const DenoiseFunction& denoise, std::span<const float> sigmas) const override {
    const double sigma = sigmas[state.step], next = sigmas[state.step + 1];
    const at::Tensor denoised = denoise(state.x, sigmas[state.step]).denoised;
    std::vector<at::Tensor> history{denoised};
    if (next == 0) {
      state.x = denoised;
    } else {
      const double ratio = noiseScale(next) / noiseScale(sigma);
      at::Tensor x = state.x * ratio + denoised * (1 - ratio);
      if (!state.history.empty()) {
        const auto [first, second] = integralWeights(sigma, next);
        const at::Tensor slope = (denoised - state.history[0]) / (sigma - sigmas[state.step - 1]);
        x = x + slope * first;
        if (state.history.size() > 1) {
          const at::Tensor curvature = (slope - state.history[1]) / ((sigma - sigmas[state.step - 2]) / 2);
          x = x + curvature * second;
        }
        history.push_back(slope);
      }
      const double variance = std::max(0.0, next * next - sigma * sigma * ratio * ratio);
      state.x = x + drawNoise(state) * (std::sqrt(variance) * options_.sNoise);
    }
    state.history = history;
  }

 private:
  SamplerOptions options_;
};

}  // namespace

std::unique_ptr<SamplerBase> makeErSdeSampler(const SamplerOptions& options) {
  return std::make_unique<ErSdeSampler>(options);
}

}  // namespace studio::engine
