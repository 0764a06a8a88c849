#pragma once

#include "engine/api/device_catalog.h"
#include "engine/memory/calibration_file.h"
#include "engine/memory/stream_simulator.h"
#include "engine/pipeline/loaded_model.h"
#include "engine/pipeline/time_predictor.h"

#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

namespace studio::engine {

/// What this machine has shown of its speed so far. One for each thread that asks.
class MachineTimes {
 public:
  /// For jobs with this model. Where nothing is known of the processor a short trial comes first, if it may.
  TimePredictor predictorFor(const LoadedModel& model, const std::filesystem::path& cacheFolder, bool mayTry = true);
  /// How fast weights come to the model's GPU and are used there; where that is not known a short trial comes first, if
  /// it may, else they are what is usual. Nothing on the processor.
  StreamRates streamRatesFor(const NumericRecipe& recipe, const EngineOptions& options, bool mayTry = true);
  void add(const std::filesystem::path& cacheFolder,
           const std::vector<std::pair<CalibrationKey, Measurement>>& measurements);

 private:
  CalibrationFile& fileIn(const std::filesystem::path& cacheFolder);

  CalibrationFile file_;
};

/// What is said before a job that takes more than half an hour on the processor, and why a GPU that is there does not
/// do it; nothing for others.
std::vector<Sentence> patienceFor(const std::optional<PredictedTime>& time, const std::vector<DeviceInfo>& devices);
/// The same of a plan; asks for the machine's devices only when it matters.
std::vector<Sentence> patienceFor(const std::optional<PredictedTime>& time, const NumericRecipe& recipe,
                                  const MemoryPlan& plan);

}  // namespace studio::engine
