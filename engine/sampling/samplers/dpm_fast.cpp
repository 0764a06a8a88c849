#include "engine/sampling/samplers/arithmetic.h"
#include "engine/sampling/samplers/dpm_solver.h"
#include "engine/sampling/samplers/factories.h"

namespace studio::engine {
namespace {

/// DPM-Solver-fast (Lu et al. 2022, "DPM-Solver", appendix D.4): as many network calls as there are steps, spent on
/// single steps of order 3 evenly spaced in log sigma and the rest on lower orders. Of the sigmas only the first, the
/// last positive one and their number count; it ends at that last one, not at 0. With eta part of the noise is fresh.
class DpmFastSampler final : public SamplerBase {
 public:
  explicit DpmFastSampler(const SamplerOptions& options) : options_(options) {}

  void step(SamplerState& state, const DenoiseFunction& denoise, std::span<const float> sigmas) const override {
    const auto [start, end] = lambdaRange(sigmas, options_.training.smallest());
    const int legs = legCount(sigmas);
    const double lambda = start + (end - start) * state.step / legs;
    const double next = start + (end - start) * (state.step + 1) / legs;
    const double nextSigma = std::exp(-next);
    const double down = ancestralStep(std::exp(-lambda), nextSigma, options_.eta).down;
    const double target = options_.eta > 0 ? std::min(end, logSignalToNoise(down)) : next;
    DpmSolverStep solver(denoise, state.x, lambda, target);
    const int order = networkCalls(state.step, sigmas);
    state.x = order == 1 ? solver.first() : order == 2 ? solver.second() : solver.third();
    const double up = std::sqrt(std::max(0.0, nextSigma * nextSigma - std::exp(-2 * target)));
    if (options_.eta > 0) state.x = state.x + drawNoise(state) * (up * options_.sNoise);
  }

  int stepsLeft(const SamplerState& state, std::span<const float> sigmas) const override {
    return legCount(sigmas) - state.step;
  }

  int networkCalls(int step, std::span<const float> sigmas) const override {
    const int calls = static_cast<int>(sigmas.size()) - 1, legs = legCount(sigmas);
    if (calls % 3 != 0) return step < legs - 1 ? 3 : calls % 3;
    return step < legs - 2 ? 3 : legs - step;
  }

 private:
  static int legCount(std::span<const float> sigmas) { return (static_cast<int>(sigmas.size()) - 1) / 3 + 1; }

  SamplerOptions options_;
};

}  // namespace

std::unique_ptr<SamplerBase> makeDpmFastSampler(const SamplerOptions& options) {
  return std::make_unique<DpmFastSampler>(options);
}

}  // namespace studio::engine
