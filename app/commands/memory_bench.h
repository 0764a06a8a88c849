#pragma once

#include "app/commands/command.h"
#include "app/commands/event_json.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace studio::app {

/// Small jobs whose phases are compared with what was predicted of them: every size with every batch.
struct MemoryBenchRequest {
  std::filesystem::path model;
  std::vector<engine::LoraUse> loras;
  std::vector<engine::PixelSize> sizes;
  std::vector<int> batches;
  int steps = 3;
};

struct MemoryBenchCase {
  engine::PixelSize size;
  int batch = 1;
  std::vector<engine::PhaseReport> phases;
};

struct MemoryBenchResult {
  bool cancelled = false;                      ///< or
  std::optional<engine::EngineError> failure;  ///< of a job ended it early: the cases are those before
  engine::Precision precision = engine::Precision::Float32;
  int threads = 1;
  std::vector<MemoryBenchCase> cases;
  /// Whether every peak lies in [0.97, 1.01] of its prediction.
  bool isWithinBounds() const;
};

/// Makes the pictures in a folder that is removed behind them, and says on standard error how far it is. What was
/// measured is kept for later predictions, as of all jobs.
MemoryBenchResult runMemoryBench(const MemoryBenchRequest& request, const engine::EngineOptions& options,
                                 const CommandEnvironment& environment);

/// A row for each phase of each job.
std::string memoryBenchText(const MemoryBenchResult& result);
Json memoryBenchJson(const MemoryBenchResult& result);

}  // namespace studio::app
