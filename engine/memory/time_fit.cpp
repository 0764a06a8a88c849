#include "engine/memory/time_fit.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace studio::engine {
namespace {

constexpr double kGuessWeight = 0.02;  ///< of both rates, beside the sample that counts most
// A guess may be wrong by these factors.
constexpr double kGuessLow = 0.4, kGuessHigh = 2.5;
constexpr double kLeastWidth = 0.1;      ///< of a range, however much is known
constexpr double kWidthOfFew = 0.3;      ///< on top, for a single sample
constexpr double kWidthPerOctave = 0.1;  ///< on top, for each doubling that the nearest sample is away
constexpr double kTail = 0.1;            ///< of the samples that may lie beyond each end

struct Weighted {
  TimeSample sample;
  double weight = 1;
};

double octavesBetween(double a, double b) { return std::abs(std::log2((a + 1) / (b + 1))); }

/// 1 at the same work, 1/4 at half an octave, 1/25 at a whole one.
double nearness(double octaves) {
  const double fallOff = 1 + 4 * octaves * octaves;
  return 1 / (fallOff * fallOff);
}

std::vector<Weighted> weighted(const std::vector<TimeSample>& samples, double work) {
  std::vector<Weighted> all;
  all.reserve(samples.size());
  for (const TimeSample& sample : samples) all.push_back({sample, nearness(octavesBetween(sample.work, work))});
  return all;
}

/// As large for half as for twice the time.
double errorOf(double fitted, double measured) {
  constexpr double kLargest = 50;
  return fitted <= 0 ? kLargest : std::min(kLargest, std::abs(std::log(fitted / measured)));
}

/// From 0 to 1, however far a rate is from its guess.
double strangeness(double rate, double guess) {
  constexpr double kVeryStrange = 4.6;  // a factor of a hundred
  if (guess <= 0) return 0;
  return rate <= 0 ? 1 : std::min(1.0, std::abs(std::log(rate / guess)) / kVeryStrange);
}

/// Keeps the best of the rates it is shown.
class Best {
 public:
  Best(const std::vector<Weighted>& all, const TimeRates& guess) : all_(all), guess_(guess) {
    for (const Weighted& one : all) most_ = std::max(most_, one.weight);
  }
  void consider(const TimeRates& rates) {
    const bool possible =
        std::isfinite(rates.perWork) && std::isfinite(rates.perByte) && rates.perWork >= 0 && rates.perByte >= 0;
    const double cost = possible ? costOf(rates) : std::numeric_limits<double>::infinity();
    if (cost < cost_) best_ = rates, cost_ = cost;
  }
  const TimeRates& rates() const { return best_; }

 private:
  double costOf(const TimeRates& rates) const {
    double cost = strangeness(rates.perWork, guess_.perWork) + strangeness(rates.perByte, guess_.perByte);
    cost *= most_ * kGuessWeight;
    for (const auto& [sample, weight] : all_)
      cost += weight * errorOf(rates.secondsOf(sample.work, sample.bytes), sample.seconds);
    return cost;
  }

  const std::vector<Weighted>& all_;
  TimeRates guess_;
  double most_ = 0;
  TimeRates best_;
  double cost_ = std::numeric_limits<double>::infinity();
};

/// The value that this part of the weights lies below.
double quantile(std::vector<std::pair<double, double>> values, double part) {
  std::sort(values.begin(), values.end());
  double sum = 0;
  for (const auto& [value, weight] : values) sum += weight;
  double behind = 0;
  for (const auto& [value, weight] : values) {
    behind += weight;
    if (behind >= part * sum) return value;
  }
  return values.back().first;
}

}  // namespace

TimeRates fitRates(const std::vector<TimeSample>& samples, const TimeRates& guess, double work) {
  const std::vector<Weighted> all = weighted(samples, work);
  Best best(all, guess);
  std::vector<TimeSample> ends = samples;
  ends.push_back({1, 0, guess.perWork});
  ends.push_back({0, 1, guess.perByte});
  // Among the least sums is one through two samples, or through one of them with a rate as guessed or of nothing, or
  // one close to it.
  for (std::size_t i = 0; i < ends.size(); ++i) {
    const TimeSample& a = ends[i];
    best.consider({a.seconds / a.work, 0});
    best.consider({0, a.seconds / a.bytes});
    for (std::size_t j = i + 1; j < ends.size(); ++j) {
      const TimeSample& b = ends[j];
      const double determinant = a.work * b.bytes - b.work * a.bytes;
      best.consider({(a.seconds * b.bytes - b.seconds * a.bytes) / determinant,
                     (a.work * b.seconds - b.work * a.seconds) / determinant});
    }
  }
  return best.rates();
}

PredictedTime predictTime(const std::vector<TimeSample>& samples, const TimeRates& guess, double work, double bytes) {
  const TimeRates rates = fitRates(samples, guess, work);
  const double likely = rates.secondsOf(work, bytes);
  std::vector<std::pair<double, double>> errors;
  double count = 0, nearest = std::numeric_limits<double>::infinity();
  for (const auto& [sample, weight] : weighted(samples, work)) {
    const double fitted = rates.secondsOf(sample.work, sample.bytes);
    if (fitted > 0) errors.emplace_back(sample.seconds / fitted, weight);
    count += weight;
    nearest = std::min(nearest, octavesBetween(sample.work, work));
  }
  if (errors.empty()) return guessTime(rates, work, bytes);
  const double width = 1 + kLeastWidth + kWidthOfFew / std::max(1.0, count) + kWidthPerOctave * nearest;
  return {Seconds(likely), Seconds(likely * std::min(1.0, quantile(errors, kTail)) / width),
          Seconds(likely * std::max(1.0, quantile(errors, 1 - kTail)) * width)};
}

PredictedTime guessTime(const TimeRates& rates, double work, double bytes) {
  const double likely = rates.secondsOf(work, bytes);
  return {Seconds(likely), Seconds(likely * kGuessLow), Seconds(likely * kGuessHigh)};
}

}  // namespace studio::engine
