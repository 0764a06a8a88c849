#include "engine/sampling/samplers/multistep_weights.h"

#include <array>
#include <cmath>
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

double stepAt(std::span<const float> sigmas, int from) { return double{sigmas[from + 1]} - sigmas[from]; }

std::vector<double> times(double factor, std::span<const double> weights) {
  std::vector<double> result;
  for (const double weight : weights) result.push_back(factor * weight);
  return result;
}

double timeOfVpProcess(double sigma) {
  constexpr double kSmallest = 0.002, kLargest = 80, kFirstTime = 1e-3;
  static const double atSmallest = std::log1p(kSmallest * kSmallest), atLargest = std::log1p(kLargest * kLargest);
  static const double slope = 2 * (atSmallest / kFirstTime - atLargest) / (kFirstTime - 1);
  static const double start = atLargest - slope / 2;
  return (std::sqrt(start * start + 2 * slope * std::log1p(sigma * sigma)) - start) / slope;
}

/// The integral over sigma of the polynomial that runs through the slopes as a function of `coordinate`.
std::vector<double> integralWeights(std::span<const float> sigmas, int from, int order, double (*coordinate)(double)) {
  std::vector<double> points;
  points.reserve(static_cast<std::size_t>(order));
  for (int i = 0; i < order; ++i) points.push_back(coordinate(sigmas[from - i]));
  std::vector<double> weights(points.size());
  const double half = stepAt(sigmas, from) / 2, middle = sigmas[from] + half;
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

}  // namespace

std::vector<double> evenWeights(std::span<const float> sigmas, int from, int order) {
  static constexpr std::array<std::array<double, 4>, 4> kAdamsBashforth{{
      {1, 0, 0, 0},
      {3.0 / 2, -1.0 / 2, 0, 0},
      {23.0 / 12, -16.0 / 12, 5.0 / 12, 0},
      {55.0 / 24, -59.0 / 24, 37.0 / 24, -9.0 / 24},
  }};
  const auto count = static_cast<std::size_t>(order);
  return times(stepAt(sigmas, from), std::span(kAdamsBashforth[count - 1]).first(count));
}

std::vector<double> adamsBashforthWeights(std::span<const float> sigmas, int from, int order) {
  return integralWeights(sigmas, from, order, [](double sigma) { return sigma; });
}

std::vector<double> vpTimeWeights(std::span<const float> sigmas, int from, int order) {
  return integralWeights(sigmas, from, order, timeOfVpProcess);
}

std::vector<double> newtonWeights(std::span<const float> sigmas, int from, int order) {
  std::array<double, 4> h{};  // of this step and those before it
  for (int i = 0; i < order; ++i) h[static_cast<std::size_t>(i)] = stepAt(sigmas, from - i);
  std::array<double, 4> weights{1, 0, 0, 0};
  if (order > 1) weights = {1 + h[0] / h[1] / 2, -h[0] / h[1] / 2, 0, 0};
  if (order > 2) {
    const double two = h[0] + h[1], a = h[1] / h[2];
    const double second = (1 - h[0] / (3 * two) * (h[0] * two) / (h[1] * (h[1] + h[2]))) / 2;
    weights[0] += second;
    weights[1] -= (1 + a) * second;
    weights[2] += a * second;
    if (order > 3) {
      const double three = two + h[2], b = h[1] * (h[1] + h[2]) / (h[2] * (h[2] + h[3]));
      const double third = ((1 - h[0] / (3 * two)) / 2 + (1 - h[0] / (2 * two)) * h[0] / (6 * three)) *
                           (h[0] * two * three) / (h[1] * (h[1] + h[2]) * (h[1] + h[2] + h[3]));
      weights[0] += third;
      weights[1] -= (1 + a + b) * third;
      weights[2] += (a + b * (1 + h[2] / h[3])) * third;
      weights[3] -= b * a * third;
    }
  }
  return times(h[0], std::span(weights).first(static_cast<std::size_t>(order)));
}

std::vector<double> gradientEstimationWeights(std::span<const float> sigmas, int from, int order) {
  static constexpr std::array<double, 2> kMoved{2, -1};
  if (order == 1) return {stepAt(sigmas, from)};
  return times(stepAt(sigmas, from), kMoved);
}

}  // namespace studio::engine
