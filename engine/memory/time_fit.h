#pragma once

#include "engine/api/predicted_time.h"

#include <optional>
#include <vector>

/// How long something will take, from what similar things took. Pure.
namespace studio::engine {

/// So many multiplications, with so many bytes brought to the device, took so long.
struct TimeSample {
  double work = 0;
  double bytes = 0;
  double seconds = 0;
};

/// What time is made of.
struct TimeRates {
  double perWork = 0;  ///< seconds of one multiplication
  double perByte = 0;  ///< seconds of a byte that is brought in
  double secondsOf(double work, double bytes) const { return perWork * work + perByte * bytes; }
};

/// What a machine is taken for before anything is known of its disk and its bus.
inline constexpr double kUsualSecondsPerByte = 1e-9;

/// The rates, not negative, with about the least sum of errors over the samples, in logarithms: wild values do not move
/// it while they are few. Samples of about as much work as `work` count most. `guess` decides only what the samples
/// leave open. `samples` must not be empty.
TimeRates fitRates(const std::vector<TimeSample>& samples, const TimeRates& guess, double work);

/// From the samples; the range is their spread about the fit, wider the fewer and the farther they are.
PredictedTime predictTime(const std::vector<TimeSample>& samples, const TimeRates& guess, double work, double bytes);

/// From rates that were measured for something else.
PredictedTime guessTime(const TimeRates& rates, double work, double bytes);

}  // namespace studio::engine
