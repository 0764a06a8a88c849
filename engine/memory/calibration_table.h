#pragma once

#include "engine/memory/time_fit.h"

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace studio::engine {

/// What measurements hold for.
struct CalibrationKey {
  std::string model;    ///< architecture and size
  std::string setting;  ///< precision, device, threads, phase
  bool operator==(const CalibrationKey&) const = default;
};

/// One pass of a phase's networks, and the phase's peak beside what was predicted of it; 0: not known.
struct Measurement {
  TimeSample time;
  double predictedPeak = 0, peak = 0;
};

/// The last measurements of this machine for each key. A value; the oldest go when there are too many.
class CalibrationTable {
 public:
  static constexpr std::size_t kMostKeys = 96, kMostMeasurements = 12;

  /// Forgets what is beyond the limits. Measurements that cannot be (no time, not finite) are not kept.
  void add(CalibrationKey key, const Measurement& measurement);

  /// Of this key, the newest last.
  std::vector<TimeSample> samplesOf(const CalibrationKey& key) const;
  /// Of all models in this setting.
  std::vector<TimeSample> samplesIn(std::string_view setting) const;
  /// By how much a peak is to be multiplied before it is judged: the middle one of what was measured, from 1 to 1.1.
  double peakFactor(const CalibrationKey& key) const;
  std::size_t keys() const { return entries_.size(); }

  /// Lines of text and back; nothing for what is no such text or beyond the limits.
  std::string text() const;
  static std::optional<CalibrationTable> fromText(std::string_view text);

 private:
  struct Entry {
    CalibrationKey key;
    std::deque<Measurement> measurements;
  };
  const Entry* find(const CalibrationKey& key) const;

  std::deque<Entry> entries_;  ///< the one added to last is the last
};

}  // namespace studio::engine
