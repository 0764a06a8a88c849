#include "engine/sampling/samplers/arithmetic.h"
#include "engine/sampling/samplers/factories.h"
#include "engine/sampling/samplers/linear_system.h"

#include <ATen/ops/zeros_like.h>

#include <vector>

namespace studio::engine {
namespace {

/// rate · ∫ exp(rate (u − h)) u^p du from 0 to h, for p = 0 … count − 1, by parts.
std::vector<double> exponentialMoments(double rate, double h, int count) {
  std::vector<double> moments{-std::expm1(-rate * h)};
  for (int p = 1; p < count; ++p) moments.push_back(std::pow(h, p) - p / rate * moments.back());
  return moments;
}

/// SA-Solver (Xue et al. 2023, "SA-Solver: Stochastic Adams Solver for Fast Sampling of Diffusion Models", algorithm 1
/// in data prediction): predictor of order 3, corrector of order 4, one network call a step; PECE asks once more, at
/// the corrected latent. tau is 1 between a fifth and four fifths of the timesteps, and 0 elsewhere. Order rises from 1
/// at the start and falls towards the end; the step to sigma 0 is the estimate itself. History: the corrected latent
/// before the last prediction, the noise that was added then, and the last denoised, newest first, at most four.
class SaSolverSampler final : public SamplerBase {
 public:
  SaSolverSampler(const SamplerOptions& options, bool evaluatesCorrected)
      : options_(options), evaluatesCorrected_(evaluatesCorrected) {}

  void step(SamplerState& state, const DenoiseFunction& denoise, std::span<const float> sigmas) const override {
    const int i = state.step, last = static_cast<int>(sigmas.size()) - 1;
    std::vector<at::Tensor> data{denoise(state.x, sigmas[i]).denoised};
    if (i > 0) data.insert(data.end(), state.history.begin() + 2, state.history.end());
    if (data.size() > kCorrectorOrder) data.pop_back();

    const bool toZero = sigmas.back() == 0;
    const int known = static_cast<int>(data.size());
    const int corrector = std::min({kCorrectorOrder, known, toZero ? last - i : known});
    at::Tensor x = state.x;
    if (i > 0 && (sigmas[i + 1] > 0 || evaluatesCorrected_)) {
      x = adams(state.history[0], data, corrector, i, i - 1, sigmas) + state.history[1];
      if (evaluatesCorrected_) data[0] = denoise(x, sigmas[i]).denoised;
    }
    at::Tensor noise = at::zeros_like(x);
    if (sigmas[i + 1] == 0) {
      state.x = data[0];
    } else {
      const double tau = tauAt(sigmas[i + 1]), h = std::log(sigmas[i] / sigmas[i + 1]);
      if (tau > 0) {
        noise = drawNoise(state) * (sigmas[i + 1] * std::sqrt(-std::expm1(-2 * tau * tau * h)) * options_.sNoise);
      }
      const int predictor = std::min({kPredictorOrder, known, toZero ? last - 1 - i : known});
      state.x = adams(x, data, predictor, i, i, sigmas) + noise;
    }
    state.history = {x, noise};
    state.history.insert(state.history.end(), data.begin(), data.end());
  }

  int networkCalls(int step, std::span<const float>) const override { return evaluatesCorrected_ && step > 0 ? 2 : 1; }

 private:
  static constexpr int kPredictorOrder = 3;
  static constexpr int kCorrectorOrder = 4;

  double tauAt(double sigma) const {
    const double lastTimestep = static_cast<double>(options_.training.values().size()) - 1;
    return sigma <= options_.training.sigmaAt(0.8 * lastTimestep) &&
                   sigma >= options_.training.sigmaAt(0.2 * lastTimestep)
               ? 1
               : 0;
  }

  /// From sigmas[from] to the next, without noise, through `order` estimates of which the newest was made at
  /// sigmas[newest].
  at::Tensor adams(const at::Tensor& x, const std::vector<at::Tensor>& data, int order, int newest, int from,
                   std::span<const float> sigmas) const {
    const double tau = tauAt(sigmas[from + 1]), rate = 1 + tau * tau, h = std::log(sigmas[from] / sigmas[from + 1]);
    std::vector<std::vector<double>> powers;
    for (int row = 0; row < order; ++row) {
      std::vector<double>& line = powers.emplace_back();
      for (int k = 0; k < order; ++k) line.push_back(std::pow(std::log(sigmas[from] / sigmas[newest - k]), row));
    }
    const std::vector<double> weights = solveLinear(powers, exponentialMoments(rate, h, order));
    at::Tensor result = x * (sigmas[from + 1] / sigmas[from] * std::exp(-tau * tau * h));
    for (int k = 0; k < order; ++k) result = result + data[k] * weights[k];
    return result;
  }

  SamplerOptions options_;
  bool evaluatesCorrected_;
};

}  // namespace

std::unique_ptr<SamplerBase> makeSaSolverSampler(const SamplerOptions& options) {
  return std::make_unique<SaSolverSampler>(options, false);
}

std::unique_ptr<SamplerBase> makeSaSolverPeceSampler(const SamplerOptions& options) {
  return std::make_unique<SaSolverSampler>(options, true);
}

}  // namespace studio::engine
