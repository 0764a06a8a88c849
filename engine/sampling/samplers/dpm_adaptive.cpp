#include "engine/sampling/samplers/arithmetic.h"
#include "engine/sampling/samplers/dpm_solver.h"
#include "engine/sampling/samplers/factories.h"

#include <ATen/ops/maximum.h>

namespace studio::engine {
namespace {

/// DPM-Solver-23 with steps of its own (Lu et al. 2022, "DPM-Solver", appendix C; step control by Söderlind 2003,
/// "Digital Filters in Adaptive Time-Stepping", with k-diffusion's settings). One step here is one trial, three network
/// calls; a trial whose error is too large leaves the latent and shortens the next. Of the sigmas only the first and
/// the last positive one count; it ends at that last one, not at 0. With eta part of the noise is fresh. History: the
/// lower-order result of the last accepted trial. Numbers: lambda reached, length of the next trial.
class DpmAdaptiveSampler final : public SamplerBase {
 public:
  explicit DpmAdaptiveSampler(const SamplerOptions& options) : options_(options) {}

  void step(SamplerState& state, const DenoiseFunction& denoise, std::span<const float> sigmas) const override {
    const auto [start, end] = lambdaRange(sigmas, options_.training.smallest());
    if (state.numbers.empty()) {
      state.numbers = {start, kFirstLength};
      state.history = {state.x};
    }
    const double lambda = state.numbers[0], next = std::min(end, lambda + state.numbers[1]);
    const double sigma = std::exp(-lambda), nextSigma = std::exp(-next);
    const double down = ancestralStep(sigma, nextSigma, options_.eta).down;
    const double target = options_.eta > 0 ? std::min(end, logSignalToNoise(down)) : next;

    DpmSolverStep solver(denoise, state.x, lambda, target);
    const at::Tensor low = solver.second(1.0 / 3), high = solver.third();
    const double factor = stepFactor(errorOf(low, high, state.history[0]));
    const bool shortest = state.numbers[1] <= kShortestLength;  // which is taken as it is, so that there is an end
    state.numbers[1] = std::max(state.numbers[1] * factor, kShortestLength);
    if (factor < kAcceptedFrom && !shortest) return;
    state.history = {low};
    state.x = high;
    state.numbers[0] = next;
    const double up = std::sqrt(std::max(0.0, nextSigma * nextSigma - std::exp(-2 * target)));
    if (options_.eta > 0) state.x = state.x + drawNoise(state) * (up * options_.sNoise);
  }

  int stepsLeft(const SamplerState& state, std::span<const float> sigmas) const override {
    const auto [start, end] = lambdaRange(sigmas, options_.training.smallest());
    const double reached = state.numbers.empty() ? start : state.numbers[0];
    const double length = state.numbers.empty() ? kUsualLength : state.numbers[1];
    return reached >= end - kArrived ? 0 : static_cast<int>(std::ceil((end - reached) / length));
  }

  int networkCalls(int, std::span<const float>) const override { return 3; }

 private:
  static constexpr double kFirstLength = 0.05, kUsualLength = 0.4, kShortestLength = 1e-3, kArrived = 1e-5;
  static constexpr double kAbsolute = 0.0078, kRelative = 0.05, kAcceptedFrom = 0.81;

  /// Root mean square of the difference of the two orders, in units of what is tolerated.
  static double errorOf(const at::Tensor& low, const at::Tensor& high, const at::Tensor& before) {
    const at::Tensor allowed = (at::maximum(low.abs(), before.abs()) * kRelative).clamp_min(kAbsolute);
    return std::sqrt(((low - high) / allowed).square().mean().item<double>());
  }

  double stepFactor(double error) const {
    const double order = options_.eta > 0 ? 1.5 : 3;
    return 1 + std::atan(std::pow(1 / (error + 1e-8), 1 / order) - 1);
  }

  SamplerOptions options_;
};

}  // namespace

std::unique_ptr<SamplerBase> makeDpmAdaptiveSampler(const SamplerOptions& options) {
  return std::make_unique<DpmAdaptiveSampler>(options);
}

}  // namespace studio::engine
