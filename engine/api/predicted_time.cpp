#include "engine/api/predicted_time.h"

namespace studio::engine {

std::optional<PredictedTime> sumOf(const std::vector<std::optional<PredictedTime>>& times) {
  if (times.empty()) return std::nullopt;
  PredictedTime sum;
  for (const auto& time : times) {
    if (!time) return std::nullopt;
    sum.likely += time->likely;
    sum.low += time->low;
    sum.high += time->high;
  }
  return sum;
}

}  // namespace studio::engine
