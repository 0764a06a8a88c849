#include "engine/sampling/spacings.h"

#include "engine/sampling/beta_distribution.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <utility>

namespace studio::engine::spacings {
namespace {

constexpr double kKarrasRho = 7;    // Karras et al. 2022, section 3 and table 1
constexpr double kBetaShape = 0.6;  // both parameters

double noisiestTimestep(const TrainingSigmas& training) { return static_cast<double>(training.values().size()) - 1; }

std::vector<double> sigmasAt(std::vector<double> timesteps, const TrainingSigmas& training) {
  for (double& timestep : timesteps) timestep = training.sigmaAt(timestep);
  return timesteps;
}

/// log alpha at a fractional timestep, linear in between.
double logAlphaAt(double timestep, const TrainingSigmas& training) {
  const std::vector<double>& sigmas = training.values();
  const auto low = static_cast<std::size_t>(std::clamp(timestep, 0.0, noisiestTimestep(training)));
  const std::size_t high = std::min(low + 1, sigmas.size() - 1);
  const double part = timestep - static_cast<double>(low);
  const auto logAlpha = [&](std::size_t i) { return -0.5 * std::log1p(sigmas[i] * sigmas[i]); };
  return (1 - part) * logAlpha(low) + part * logAlpha(high);
}

}  // namespace

std::vector<double> evenly(double first, double last, int count) {
  std::vector<double> values(static_cast<std::size_t>(count), first);
  for (int i = 1; i < count; ++i) values[i] = first + (last - first) * i / (count - 1);
  return values;
}

std::vector<double> uniform(int steps, const TrainingSigmas& training, bool withoutLast) {
  std::vector<double> points = evenly(noisiestTimestep(training), 0, withoutLast ? steps + 1 : steps);
  points.resize(static_cast<std::size_t>(steps));
  return sigmasAt(std::move(points), training);
}

std::vector<double> simple(int steps, const TrainingSigmas& training) {
  const std::vector<double>& all = training.values();
  const double stride = static_cast<double>(all.size()) / steps;
  std::vector<double> sigmas(static_cast<std::size_t>(steps));
  for (int i = 0; i < steps; ++i) sigmas[i] = all[all.size() - 1 - static_cast<std::size_t>(i * stride)];
  return sigmas;
}

std::vector<double> ddimUniform(int steps, const TrainingSigmas& training) {
  const std::vector<double>& all = training.values();
  const std::size_t stride = std::max<std::size_t>(all.size() / static_cast<std::size_t>(steps), 1);
  std::vector<double> sigmas;
  for (std::size_t i = 1; i < all.size(); i += stride) sigmas.push_back(all[i]);
  std::reverse(sigmas.begin(), sigmas.end());
  return sigmas;
}

std::vector<double> karras(int steps, double smallest, double largest) {
  std::vector<double> sigmas = evenly(std::pow(largest, 1 / kKarrasRho), std::pow(smallest, 1 / kKarrasRho), steps);
  for (double& sigma : sigmas) sigma = std::pow(sigma, kKarrasRho);
  return sigmas;
}

std::vector<double> exponential(int steps, double smallest, double largest) {
  std::vector<double> sigmas = evenly(std::log(largest), std::log(smallest), steps);
  for (double& sigma : sigmas) sigma = std::exp(sigma);
  return sigmas;
}

std::vector<double> betaOfSigmas(int steps, double smallest, double largest) {
  std::vector<double> sigmas = evenly(1, 0, steps);
  for (double& sigma : sigmas) sigma = smallest + betaQuantile(sigma, kBetaShape, kBetaShape) * (largest - smallest);
  return sigmas;
}

std::vector<double> betaOfTimesteps(int steps, const TrainingSigmas& training) {
  std::vector<double> timesteps;
  for (int i = 0; i < steps; ++i) {
    const double place = betaQuantile(1 - static_cast<double>(i) / steps, kBetaShape, kBetaShape);
    timesteps.push_back(std::nearbyint(place * noisiestTimestep(training)));
  }
  timesteps.erase(std::unique(timesteps.begin(), timesteps.end()), timesteps.end());
  return sigmasAt(std::move(timesteps), training);
}

std::vector<double> klOptimal(int points, double smallest, double largest) {
  std::vector<double> sigmas = evenly(std::atan(largest), std::atan(smallest), points);
  for (double& sigma : sigmas) sigma = std::tan(sigma);
  return sigmas;
}

std::vector<double> alignYourSteps(int points, bool sdxl, bool rounded) {
  using Optima = std::array<double, 11>;
  static constexpr Optima kSd{14.6146412293, 6.4745760956, 3.8636745985, 2.6946151520, 1.8841921177, 1.3943805092,
                              0.9642583904,  0.6523686016, 0.3977456272, 0.1515232662, 0.0291671582};
  static constexpr Optima kSdxl{14.6146412293, 6.3184485287, 3.7681790315, 2.1811480769, 1.3405244945, 0.8620721141,
                                0.5550693289,  0.3798540708, 0.2332364134, 0.1114188177, 0.0291671582};
  static constexpr Optima kSdRounded{14.615, 6.475, 3.861, 2.697, 1.886, 1.396, 0.963, 0.652, 0.399, 0.152, 0.029};
  static constexpr Optima kSdxlRounded{14.615, 6.315, 3.771, 2.181, 1.342, 0.862, 0.555, 0.380, 0.234, 0.113, 0.029};
  const Optima& optima = sdxl ? (rounded ? kSdxlRounded : kSdxl) : (rounded ? kSdRounded : kSd);
  std::vector<double> sigmas;
  for (const double place : evenly(0, static_cast<double>(optima.size()) - 1, points)) {
    const auto low = std::min(static_cast<std::size_t>(place), optima.size() - 2);
    const double part = place - static_cast<double>(low);
    sigmas.push_back(std::pow(optima[low], 1 - part) * std::pow(optima[low + 1], part));
  }
  return sigmas;
}

std::vector<double> linearQuadratic(int steps, double largest) {
  if (steps == 1) return {largest, 0};
  constexpr double kThreshold = 0.025;  // how far down the linear half goes
  const double linear = steps / 2, quadratic = steps - linear, rest = linear - kThreshold * steps;
  const double square = rest / (linear * quadratic * quadratic);
  const double slope = kThreshold / linear - 2 * rest / (quadratic * quadratic);
  std::vector<double> sigmas;
  for (int i = 0; i < steps; ++i) {
    const double down = i < linear ? i * kThreshold / linear : square * i * i + slope * i + square * linear * linear;
    sigmas.push_back((1 - down) * largest);
  }
  sigmas.push_back(0);
  return sigmas;
}

std::vector<double> turbo(int steps, const TrainingSigmas& training, bool tenths) {
  const double all = noisiestTimestep(training) + 1, stride = all / (tenths ? 10 : steps);
  std::vector<double> timesteps;
  for (int i = 0; i < (tenths ? std::min(steps, 10) : steps); ++i) {
    timesteps.push_back(std::max(0.0, std::nearbyint(all - i * stride - 1)));
  }
  return sigmasAt(std::move(timesteps), training);
}

std::vector<double> lcm(int steps, const TrainingSigmas& training) {
  const int origins = std::min(50, static_cast<int>(training.values().size()));
  const int stride = static_cast<int>(training.values().size()) / origins, count = std::min(steps, origins);
  std::vector<double> timesteps;
  for (int i = 0; i < count; ++i) timesteps.push_back((origins - i * origins / count) * stride - 1);
  return sigmasAt(std::move(timesteps), training);
}

std::vector<double> leading(int steps, const TrainingSigmas& training, bool multistep) {
  const int first = multistep ? 1 : 0;
  const int stride = std::max(static_cast<int>(training.values().size()) / (steps + first), 1);
  std::vector<double> timesteps;
  for (int i = steps - 1 + first; i >= first; --i)
    timesteps.push_back(static_cast<double>(i) * stride + (stride > 1 ? 1 : 0));
  return sigmasAt(std::move(timesteps), training);
}

std::vector<double> a1111Timesteps(int steps, const TrainingSigmas& training) {
  const int all = static_cast<int>(training.values().size());
  std::vector<double> timesteps;
  for (int i = 0; i < all; i += std::max(all / steps, 1)) timesteps.push_back(std::min(i + 1, all - 1));
  std::reverse(timesteps.begin(), timesteps.end());
  return sigmasAt(std::move(timesteps), training);
}

std::vector<double> a1111UniPc(int steps, const TrainingSigmas& training) {
  std::vector<double> sigmas = evenly(noisiestTimestep(training), 0, steps + 1);
  for (double& sigma : sigmas) sigma = std::sqrt(std::expm1(-2 * logAlphaAt(sigma, training)));
  return sigmas;
}

}  // namespace studio::engine::spacings
