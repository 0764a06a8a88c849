#include "engine/memory/calibration_table.h"

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

/// Whatever is accepted is within the limits, predicts a time that can be, and comes back as it was.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace studio::engine;
  const auto table = CalibrationTable::fromText({reinterpret_cast<const char*>(data), size});
  if (!table) return 0;
  require(table->keys() <= CalibrationTable::kMostKeys);
  const auto samples = table->samplesOf({"m", "s"});
  require(samples.size() <= CalibrationTable::kMostMeasurements);
  if (!samples.empty()) {
    const PredictedTime time = predictTime(samples, {1e-11, kUsualSecondsPerByte}, 1e12, 1e9);
    require(time.low <= time.likely && time.likely <= time.high && time.low.count() >= 0);
  }
  const double factor = table->peakFactor({"m", "s"});
  require(factor >= 1 && factor <= 1.1);
  const auto again = CalibrationTable::fromText(table->text());
  require(again && again->text() == CalibrationTable::fromText(again->text())->text());
  return 0;
}
