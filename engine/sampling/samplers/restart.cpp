#include "engine/sampling/samplers/arithmetic.h"
#include "engine/sampling/samplers/factories.h"
#include "engine/sampling/sigma_schedule.h"

#include <cstddef>
#include <vector>

namespace studio::engine {
namespace {

/// Restart (Xu et al. 2023, "Restart Sampling for Improving Generative Processes", algorithm 1) over Heun's method,
/// with A1111's settings: from 20 steps on some of them go into walking the part from sigma 2 to 0.1 again, once, from
/// 36 steps on twice, over Karras' spacing. Below that it is Heun's method on the given sigmas. Two network calls a
/// step, one to sigma 0. Draws fresh noise where it goes back up.
class RestartSampler final : public SamplerBase {
 public:
  explicit RestartSampler(const SamplerOptions& options) : options_(options) {}

  void step(SamplerState& state, const DenoiseFunction& denoise, std::span<const float> sigmas) const override {
    const std::vector<Leg> legs = plan(sigmas);
    const auto [sigma, next] = legs[state.step];
    if (state.step > 0 && legs[state.step - 1].next < sigma) {
      const double before = legs[state.step - 1].next;
      state.x = state.x + drawNoise(state) * (std::sqrt(sigma * sigma - before * before) * options_.sNoise);
    }
    const at::Tensor slope = odeSlope(state.x, denoise(state.x, static_cast<float>(sigma)).denoised, sigma);
    const at::Tensor guess = state.x + slope * (next - sigma);
    if (next == 0) {
      state.x = guess;
      return;
    }
    const at::Tensor slopeThere = odeSlope(guess, denoise(guess, static_cast<float>(next)).denoised, next);
    state.x = state.x + (slope + slopeThere) * ((next - sigma) / 2);
  }

  int stepsLeft(const SamplerState& state, std::span<const float> sigmas) const override {
    return static_cast<int>(plan(sigmas).size()) - state.step;
  }

  int networkCalls(int step, std::span<const float> sigmas) const override {
    return plan(sigmas)[step].next == 0 ? 1 : 2;
  }

 private:
  struct Leg {
    double sigma, next;
  };

  static void append(std::vector<Leg>& legs, std::span<const float> sigmas) {
    for (std::size_t i = 0; i + 1 < sigmas.size(); ++i) legs.push_back({sigmas[i], sigmas[i + 1]});
  }

  static std::size_t nearest(std::span<const float> sigmas, float wanted) {
    const auto closer = [wanted](float a, float b) { return std::abs(a - wanted) < std::abs(b - wanted); };
    return static_cast<std::size_t>(std::min_element(sigmas.begin(), sigmas.end(), closer) - sigmas.begin());
  }

  static std::vector<Leg> plan(std::span<const float> given) {
    constexpr int kFewest = 20, kEnoughForTwo = 36;
    constexpr float kBottom = 0.1F, kTop = 2;
    std::vector<Leg> legs;
    const int steps = static_cast<int>(given.size()) - 1;
    if (steps < kFewest) {
      append(legs, given);
      return legs;
    }
    const int times = steps < kEnoughForTwo ? 1 : 2, length = steps < kEnoughForTwo ? 9 : steps / 4;
    const std::vector<float> sigmas = karrasSigmas(steps - length * times, given[given.size() - 2], given[0]);
    const std::size_t bottom = nearest(sigmas, kBottom), top = nearest(sigmas, kTop);
    append(legs, std::span(sigmas).first(bottom + 1));
    if (top < bottom) {
      const std::vector<float> again = karrasSigmas(length + 1, sigmas[bottom], sigmas[top]);
      for (int i = 0; i < times; ++i) append(legs, std::span(again).first(again.size() - 1));
    }
    append(legs, std::span(sigmas).subspan(bottom));
    return legs;
  }

  SamplerOptions options_;
};

}  // namespace

std::unique_ptr<SamplerBase> makeRestartSampler(const SamplerOptions& options) {
  return std::make_unique<RestartSampler>(options);
}

}  // namespace studio::engine
