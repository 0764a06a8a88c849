#include "engine/sampling/samplers/linear_multistep.h"

#include <ATen/TensorOperators.h>

#include <array>
#include <cstddef>
#include <utility>

namespace studio::engine {
namespace {

/// Gauss-Legendre points and weights on [−1, 1], the positive half (Abramowitz and Stegun, table 25.4, n = 16).
constexpr std::array<std::pair<double, double>, 8> kGauss{{
    {0.0950125098376374, 0.1894506104550685},
    {0.2816035507792589, 0.1826034150449236},
    {0.4580167776572274, 0.1691565193950025},
    {0.6178762444026438, 0.1495959888165767},
    {0.7554044083550030, 0.1246289712555339},
    {0.8656312023878318, 0.0951585116824928},
    {0.9445750230732326, 0.0622535239386479},
    {0.9894009349916499, 0.0271524594117541},
}};

}  // namespace

std::vector<double> multistepWeights(std::span<const float> sigmas, int from, int order,
                                     const std::function<double(double sigma)>& coordinate) {
  std::vector<double> points;
  points.reserve(static_cast<std::size_t>(order));
  for (int i = 0; i < order; ++i) points.push_back(coordinate(sigmas[from - i]));
  std::vector<double> weights(points.size());
  const double middle = (double{sigmas[from]} + sigmas[from + 1]) / 2;
  const double half = (double{sigmas[from + 1]} - sigmas[from]) / 2;
  const auto addPoint = [&](double offset, double weight) {
    const double place = coordinate(middle + half * offset);
    for (std::size_t j = 0; j < points.size(); ++j) {
      double basis = 1;
      for (std::size_t k = 0; k < points.size(); ++k) {
        if (k != j) basis *= (place - points[k]) / (points[j] - points[k]);
      }
      weights[j] += half * weight * basis;
    }
  };
  for (const auto& [offset, weight] : kGauss) {
    addPoint(offset, weight);
    addPoint(-offset, weight);
  }
  return weights;
}

void rememberSlope(SamplerState& state, const at::Tensor& slope, int most) {
  state.history.insert(state.history.begin(), slope);
  if (state.history.size() > static_cast<std::size_t>(most)) state.history.pop_back();
}

at::Tensor weightedSlopes(const SamplerState& state, std::span<const double> weights) {
  at::Tensor sum = state.history[0] * weights[0];
  for (std::size_t i = 1; i < weights.size(); ++i) sum = sum + state.history[i] * weights[i];
  return sum;
}

}  // namespace studio::engine
