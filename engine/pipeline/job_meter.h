#pragma once

#include "engine/api/engine_event.h"
#include "engine/memory/device_meter.h"
#include "engine/pipeline/machine_times.h"

#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace studio::engine {

class JobJournal;

/// Measures the phases of the running job against its plan, and keeps what was measured for later predictions.
/// Engine thread only.
class JobMeter {
 public:
  /// A job begins; what was measured of the last one is forgotten. The journal must outlive the job's events.
  void begin(const JobJournal& journal);
  /// To be called with every event of the job when it happens.
  void note(const EngineEvent& event);
  /// Model and plan are there. Answers with what is to be said first, if it takes very long.
  std::vector<Sentence> predict(const LoadedModel& model, const GenerationRequest& request,
                                const EngineOptions& options);

  /// See MachineTimes.
  StreamRates streamRates(const NumericRecipe& recipe, const EngineOptions& options) {
    return machine_.streamRatesFor(recipe, options);
  }

  /// Most that the job had on the device.
  Bytes peak() const;
  /// The plan's phases, for what is said of a job that is done.
  std::vector<PhaseReport> reports() const;
  /// Keeps what was measured. For jobs that ran as planned, from their beginning to their end.
  void keep(const EngineOptions& options);

 private:
  /// A phase in all the batches it ran in.
  struct Measured {
    Seconds seconds{};
    Bytes peak;
    std::vector<TimeSample> runs;  ///< of each time it ran; no work yet
  };
  void finish(const PhaseFinished& event);
  std::vector<TimeSample> passesOf(const PhaseMemory& phase) const;
  void take(const StepFinished& step);
  TimeSample stepPass(const PhaseMemory& phase, std::vector<double> seconds) const;

  MachineTimes machine_;
  DeviceMeter device_;
  MemoryPlan plan_;
  std::optional<TimePredictor> predictor_;
  std::vector<std::optional<PredictedTime>> predicted_;  ///< of the first plan
  MemoryPlan firstPlan_;
  bool asPlanned_ = true;
  const JobJournal* journal_ = nullptr;
  bool refined_ = false;  ///< a refiner takes the last steps;
  bool refines_ = false;  ///< and has taken over
  int batches_ = 1, stepsOfBatch_ = 0;
  bool firstStep_ = true;
  Bytes before_;  ///< in use on the device when the phase began
  std::vector<double> steps_, refinedSteps_;
  std::map<Phase, Measured> measured_;
};

}  // namespace studio::engine
