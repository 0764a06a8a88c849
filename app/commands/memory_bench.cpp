#include "app/commands/memory_bench.h"

#include "app/commands/human_text.h"

#include <stdlib.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ostream>
#include <system_error>

namespace studio::app {
namespace {

constexpr double kLeastRatio = 0.97, kLargestRatio = 1.01;
constexpr std::chrono::milliseconds kWait{100};  ///< how late Ctrl+C may be noticed

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = engine::utf8FromPath(std::filesystem::temp_directory_path() / "kiln-bench-XXXXXX");
    if (::mkdtemp(name.data()) == nullptr)
      throw engine::EngineException(engine::ErrorKind::CannotWrite, "There is no folder for temporary files.");
    path_ = engine::pathFromUtf8(name);
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// 1 where neither predicted nor measured is anything: what works there works on the host.
double peakRatio(const engine::PhaseReport& phase) {
  if (phase.peak.count == 0 && phase.predictedPeak.count == 0) return 1;
  return static_cast<double>(phase.peak.count) /
         static_cast<double>(std::max<std::int64_t>(1, phase.predictedPeak.count));
}

/// 0 when nothing was predicted.
double timeRatio(const engine::PhaseReport& phase) {
  return phase.predicted && phase.predicted->likely.count() > 0 ? phase.seconds / phase.predicted->likely : 0;
}

std::string percent(double ratio) {
  const double tenths = std::round((ratio - 1) * 1000);
  return (tenths > 0 ? "+" : "") + fixed(tenths == 0 ? 0 : tenths / 10, 1) + " %";
}

std::string sizeText(engine::PixelSize size) { return std::to_string(size.width) + "x" + std::to_string(size.height); }

/// Nothing when it was cancelled or failed.
std::optional<engine::JobFinished> waitFor(engine::Generator& generator, engine::JobId job, MemoryBenchResult& result,
                                           const CommandEnvironment& environment) {
  while (true) {
    generator.events().waitFor(kWait);
    for (const engine::EngineEvent& event : generator.events().drain()) {
      if (engine::jobOf(event) != job) continue;
      if (const auto* loaded = std::get_if<engine::ModelLoaded>(&event))
        result.precision = loaded->precision, result.threads = loaded->threads;
      if (const auto* failed = std::get_if<engine::JobFailed>(&event)) result.failure = failed->error;
      result.cancelled = std::holds_alternative<engine::JobCancelled>(event);
      if (result.cancelled || result.failure) return std::nullopt;
      if (const auto* finished = std::get_if<engine::JobFinished>(&event)) return *finished;
    }
    if (environment.interrupted()) generator.cancel(job);
  }
}

}  // namespace

bool MemoryBenchResult::isWithinBounds() const {
  for (const MemoryBenchCase& one : cases) {
    for (const engine::PhaseReport& phase : one.phases) {
      const double ratio = peakRatio(phase);
      if (ratio < kLeastRatio || ratio > kLargestRatio) return false;
    }
  }
  return true;
}

MemoryBenchResult runMemoryBench(const MemoryBenchRequest& request, const engine::EngineOptions& options,
                                 const CommandEnvironment& environment) {
  const TemporaryFolder folder;
  const std::unique_ptr<engine::Generator> generator = environment.makeGenerator(options);
  MemoryBenchResult result;
  const std::size_t all = request.sizes.size() * request.batches.size();
  for (const engine::PixelSize size : request.sizes) {
    for (const int batch : request.batches) {
      engine::GenerationRequest job;
      job.model = request.model;
      job.loras = request.loras;
      job.size = size;
      job.batchSize = batch;
      job.steps = request.steps;
      job.seed = engine::Seed{1};
      // Another prompt for each, so that each has to be encoded.
      job.prompt = "a red apple on a wooden table, " + std::to_string(result.cases.size() + 1);
      const engine::JobId id = generator->submit(
          job, {engine::utf8FromPath(folder.path() / "{index}.png"), engine::OutputOptions{}.quality});
      const auto finished = waitFor(*generator, id, result, environment);
      if (!finished) return result;
      result.cases.push_back({size, batch, finished->phases});
      environment.error << "Measured " << result.cases.size() << " of " << all << std::endl;
    }
  }
  return result;
}

std::string memoryBenchText(const MemoryBenchResult& result) {
  std::vector<std::vector<std::string>> rows{
      {"Size", "Batch", "Phase", "Predicted", "Peak", "Error", "Time predicted", "Time", "Error"}};
  for (const MemoryBenchCase& one : result.cases) {
    for (const engine::PhaseReport& phase : one.phases) {
      rows.push_back({sizeText(one.size), std::to_string(one.batch), engine::phaseName(phase.phase),
                      bytesText(phase.predictedPeak), bytesText(phase.peak), percent(peakRatio(phase)),
                      timeText(phase.predicted), secondsText(phase.seconds.count()),
                      phase.predicted ? percent(timeRatio(phase)) : "-"});
    }
  }
  return alignedTable(rows);
}

Json memoryBenchJson(const MemoryBenchResult& result) {
  Json cases = Json::array();
  for (const MemoryBenchCase& one : result.cases) {
    Json phases = reportsJson(one.phases);
    for (std::size_t i = 0; i < one.phases.size(); ++i) {
      phases[i]["peak_ratio"] = peakRatio(one.phases[i]);
      phases[i]["seconds_ratio"] = one.phases[i].predicted ? Json(timeRatio(one.phases[i])) : Json();
    }
    cases.push_back(
        {{"width", one.size.width}, {"height", one.size.height}, {"batch_size", one.batch}, {"phases", phases}});
  }
  return {{"subject", "memory"},
          {"precision", std::string(engine::idOf(result.precision))},
          {"threads", result.threads},
          {"complete", !result.cancelled && !result.failure},
          {"within_bounds", result.isWithinBounds()},
          {"cases", std::move(cases)}};
}

}  // namespace studio::app
