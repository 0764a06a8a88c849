#include "engine/sampling/sigma_schedule.h"

#include "engine/sampling/beta_distribution.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace studio::engine {
namespace {

constexpr double kKarrasRho = 7;    // Karras et al. 2022, section 3 and table 1
constexpr double kBetaShape = 0.6;  // both parameters; Lee et al. 2024, "Beta Sampling is All You Need"

/// `count` evenly spaced numbers; a single one is `first`.
std::vector<double> evenly(double first, double last, int count) {
  std::vector<double> values(static_cast<std::size_t>(count), first);
  for (int i = 1; i < count; ++i) values[i] = first + (last - first) * i / (count - 1);
  return values;
}

/// Timesteps from the noisiest to 0; `withoutLast` leaves the 0 out, as networks distilled by SGM's rule expect.
std::vector<double> uniformTimesteps(int steps, const TrainingSigmas& training, bool withoutLast) {
  const double noisiest = static_cast<double>(training.values().size()) - 1;
  std::vector<double> points = evenly(noisiest, 0, withoutLast ? steps + 1 : steps);
  points.resize(static_cast<std::size_t>(steps));
  for (double& point : points) point = training.sigmaAt(point);
  return points;
}

std::vector<double> everyNthSigma(int steps, const TrainingSigmas& training) {
  const std::vector<double>& all = training.values();
  const double stride = static_cast<double>(all.size()) / steps;
  std::vector<double> sigmas(static_cast<std::size_t>(steps));
  for (int i = 0; i < steps; ++i) sigmas[i] = all[all.size() - 1 - static_cast<std::size_t>(i * stride)];
  return sigmas;
}

/// Karras et al. 2022, equation 5.
std::vector<double> karrasSigmas(int steps, const TrainingSigmas& training) {
  const double first = std::pow(training.largest(), 1 / kKarrasRho);
  const double last = std::pow(training.smallest(), 1 / kKarrasRho);
  std::vector<double> sigmas = evenly(first, last, steps);
  for (double& sigma : sigmas) sigma = std::pow(sigma, kKarrasRho);
  return sigmas;
}

std::vector<double> exponentialSigmas(int steps, const TrainingSigmas& training) {
  std::vector<double> sigmas = evenly(std::log(training.largest()), std::log(training.smallest()), steps);
  for (double& sigma : sigmas) sigma = std::exp(sigma);
  return sigmas;
}

/// Quantiles of the beta distribution, laid linearly between the ends.
std::vector<double> betaSigmas(int steps, const TrainingSigmas& training) {
  std::vector<double> sigmas = evenly(1, 0, steps);
  for (double& sigma : sigmas) {
    const double place = betaQuantile(sigma, kBetaShape, kBetaShape);
    sigma = training.smallest() + place * (training.largest() - training.smallest());
  }
  return sigmas;
}

std::vector<double> descendingSigmas(Schedule schedule, int steps, const TrainingSigmas& training) {
  switch (schedule) {
    case Schedule::Normal:
      return uniformTimesteps(steps, training, false);
    case Schedule::Simple:
      return everyNthSigma(steps, training);
    case Schedule::Karras:
      return karrasSigmas(steps, training);
    case Schedule::Exponential:
      return exponentialSigmas(steps, training);
    case Schedule::SgmUniform:
      return uniformTimesteps(steps, training, true);
    case Schedule::Beta:
      return betaSigmas(steps, training);
  }
  return {};
}

}  // namespace

TrainingSigmas::TrainingSigmas(double betaStart, double betaEnd, int timesteps) {
  std::vector<double> keptSignals;  // alpha bar of Ho et al. 2020
  double keptSignal = 1;
  for (const double root : evenly(std::sqrt(betaStart), std::sqrt(betaEnd), timesteps))
    keptSignals.push_back(keptSignal *= 1 - root * root);
  setKeptSignals(keptSignals);
}

TrainingSigmas TrainingSigmas::withZeroTerminalSnr() {
  constexpr double kLastSignal = 4.8973451890853435e-08;
  TrainingSigmas training;
  const auto rootOf = [](double sigma) { return 1 / std::sqrt(sigma * sigma + 1); };
  const double first = rootOf(training.smallest()), last = rootOf(training.largest());
  std::vector<double> keptSignals;
  for (const double sigma : training.sigmas_) {
    const double root = (rootOf(sigma) - last) * first / (first - last);
    keptSignals.push_back(root * root);
  }
  keptSignals.back() = kLastSignal;
  training.setKeptSignals(keptSignals);
  return training;
}

void TrainingSigmas::setKeptSignals(const std::vector<double>& keptSignals) {
  sigmas_.clear();
  logSigmas_.clear();
  for (const double signal : keptSignals) {
    sigmas_.push_back(std::sqrt((1 - signal) / signal));
    logSigmas_.push_back(std::log(sigmas_.back()));
  }
}

double TrainingSigmas::sigmaAt(double timestep) const {
  const double inside = std::clamp(timestep, 0.0, static_cast<double>(sigmas_.size()) - 1);
  const auto low = static_cast<std::size_t>(inside);
  const std::size_t high = std::min(low + 1, sigmas_.size() - 1);
  const double part = inside - static_cast<double>(low);
  return std::exp((1 - part) * logSigmas_[low] + part * logSigmas_[high]);
}

double TrainingSigmas::timestepAt(double sigma) const {
  if (sigma <= smallest()) return 0;
  if (sigma >= largest()) return static_cast<double>(sigmas_.size()) - 1;
  const double logSigma = std::log(sigma);
  const auto high = static_cast<std::size_t>(std::upper_bound(logSigmas_.begin(), logSigmas_.end() - 1, logSigma) -
                                             logSigmas_.begin());
  const double below = logSigmas_[high - 1];
  return static_cast<double>(high - 1) + (logSigma - below) / (logSigmas_[high] - below);
}

std::vector<float> makeSigmas(Schedule schedule, int steps, const TrainingSigmas& training) {
  const std::vector<double> sigmas = descendingSigmas(schedule, std::max(steps, 1), training);
  std::vector<float> result(sigmas.begin(), sigmas.end());
  result.push_back(0);
  return result;
}

}  // namespace studio::engine
