#pragma once

#include "engine/api/phase.h"
#include "engine/api/units.h"

#include <optional>
#include <vector>

namespace studio::engine {

/// How long something will take on this machine, by what was measured there: most likely, and a range.
struct PredictedTime {
  Seconds likely{}, low{}, high{};
  bool operator==(const PredictedTime&) const = default;
};

/// Nothing as long as one of them is not known, or when there are none.
std::optional<PredictedTime> sumOf(const std::vector<std::optional<PredictedTime>>& times);

/// What one phase of a job was predicted to take, and took; all batches together.
struct PhaseReport {
  Phase phase = Phase::Denoise;
  Bytes predictedPeak, peak;               ///< of the device pool
  std::optional<PredictedTime> predicted;  ///< nothing where nothing had been measured yet
  Seconds seconds{};
};

}  // namespace studio::engine
