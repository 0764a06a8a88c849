#include "engine/sampling/training_sigmas.h"

#include "engine/sampling/spacings.h"

#include <c10/util/Half.h>

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace studio::engine {

TrainingSigmas::TrainingSigmas(double betaStart, double betaEnd, int timesteps) {
  std::vector<double> keptSignals;  // alpha bar of Ho et al. 2020
  double keptSignal = 1;
  for (const double root : spacings::evenly(std::sqrt(betaStart), std::sqrt(betaEnd), timesteps))
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

TrainingSigmas TrainingSigmas::edm(double smallest, double largest, double dataDeviation) {
  TrainingSigmas training;
  training.edm_ = true;
  training.dataDeviation_ = dataDeviation;
  training.logSigmas_ =
      spacings::evenly(std::log(smallest), std::log(largest), static_cast<int>(training.logSigmas_.size()));
  for (std::size_t i = 0; i < training.sigmas_.size(); ++i) training.sigmas_[i] = std::exp(training.logSigmas_[i]);
  return training;
}

TrainingSigmas TrainingSigmas::everyTwentieth() const {
  TrainingSigmas fewer = *this;
  fewer.sigmas_.clear();
  fewer.logSigmas_.clear();
  for (std::size_t i = 19; i < sigmas_.size(); i += 20) {
    fewer.sigmas_.push_back(sigmas_[i]);
    fewer.logSigmas_.push_back(logSigmas_[i]);
  }
  return fewer;
}

double TrainingSigmas::networkTime(double sigma) const { return edm_ ? 0.25 * std::log(sigma) : timestepAt(sigma); }

void TrainingSigmas::setKeptSignals(const std::vector<double>& keptSignals) {
  sigmas_.clear();
  logSigmas_.clear();
  for (const double signal : keptSignals) {
    sigmas_.push_back(std::sqrt((1 - signal) / signal));
    logSigmas_.push_back(std::log(sigmas_.back()));
  }
}

void TrainingSigmas::roundToHalf(bool all) {
  const auto half = [](double value) {
    return static_cast<double>(static_cast<float>(c10::Half(static_cast<float>(value))));
  };
  const auto kept = [&](double value) { return all ? half(value) : value; };
  for (std::size_t i = 0; i < sigmas_.size(); ++i) {
    const double signal = half(1 / (1 + sigmas_[i] * sigmas_[i]));
    sigmas_[i] = kept(std::sqrt(kept(kept(1 - signal) / signal)));
    logSigmas_[i] = kept(std::log(sigmas_[i]));
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

}  // namespace studio::engine
