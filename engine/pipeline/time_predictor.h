#pragma once

#include "engine/api/memory_plan.h"
#include "engine/memory/calibration_table.h"

#include <optional>
#include <string>
#include <vector>

namespace studio::engine {

/// Tells how long the phases of a plan take, from what phases of such plans took. A value, without torch.
class TimePredictor {
 public:
  /// `family` of the model; `setting`: precision, device, threads, machine.
  TimePredictor(CalibrationTable table, std::string family, std::string setting)
      : table_(std::move(table)), family_(std::move(family)), setting_(std::move(setting)) {}

  /// Of the plan's phases, in their order, when nothing but what denoises is in memory before. A phase that was never
  /// measured is guessed from other models, else from the machine's trial; nothing where there is neither.
  std::vector<std::optional<PredictedTime>> times(const MemoryPlan& plan) const;
  /// Of bringing in what denoises.
  std::optional<PredictedTime> loading(const MemoryPlan& plan) const;
  /// See CalibrationTable; the largest of the plan's phases.
  double peakFactor(const MemoryPlan& plan) const;

  /// What a phase's measurements are kept under. `phase` is one of the plan's.
  CalibrationKey keyOf(const MemoryPlan& plan, const PhaseMemory& phase) const;
  CalibrationKey loadingKey(const MemoryPlan& plan) const;
  /// What the machine's trial is kept under: of multiplications, and of a block however small.
  static CalibrationKey trialKey(const std::string& setting) { return {"", setting + " trial blocks"}; }
  static CalibrationKey blockKey(const std::string& setting) { return {"", setting + " trial tiny block"}; }

 private:
  std::optional<PredictedTime> timeOfPass(const CalibrationKey& key, double work, double bytes, double blocks) const;
  TimeRates guess() const;
  double secondsPerBlock() const;

  CalibrationTable table_;
  std::string family_, setting_;
};

/// Bytes that the phase's own networks bring to the device at every pass, because they do not stay.
double streamedBytes(const MemoryPlan& plan, const PhaseMemory& phase);

}  // namespace studio::engine
