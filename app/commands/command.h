#pragma once

#include "app/commands/exit_code.h"
#include "engine/api/benchmark.h"
#include "engine/api/converter.h"
#include "engine/api/engine_options.h"
#include "engine/api/estimator.h"
#include "engine/api/generator.h"
#include "engine/api/hardware_profile.h"
#include "engine/api/inspector.h"
#include "engine/api/unfinished_jobs.h"

#include <filesystem>
#include <functional>
#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

namespace studio::app {

/// What a command works with, handed in so that tests can hand in something else. The makers are called only by the
/// commands that need them: listing devices starts no engine.
struct CommandEnvironment {
  std::ostream& out;    ///< results: paths, tables, JSON lines
  std::ostream& error;  ///< words for people: progress, notes, failures
  bool errorIsTerminal = false;
  /// Puts a question to the person at the terminal, where there is one: yes or no. Empty: nobody is there.
  std::function<bool(const std::string&)> ask = {};
  std::function<bool()> interrupted = [] { return false; };
  /// The system asks to end: what is unfinished goes on another time.
  std::function<bool()> terminated = [] { return false; };

  std::function<std::unique_ptr<engine::Generator>(const engine::EngineOptions&)> makeGenerator;
  std::function<std::unique_ptr<engine::Estimator>()> makeEstimator;
  std::function<std::unique_ptr<engine::Inspector>()> makeInspector;
  std::function<std::unique_ptr<engine::Converter>()> makeConverter;
  std::function<std::unique_ptr<engine::Benchmark>()> makeBenchmark;
  std::function<std::unique_ptr<engine::HardwareSurvey>()> makeHardwareSurvey;
  std::function<std::unique_ptr<engine::UnfinishedJobs>()> makeUnfinishedJobs;

  std::filesystem::path starterModel;                ///< used without --model; empty when it is not installed
  std::vector<std::filesystem::path> searchFolders;  ///< where bare names of models and LoRAs are looked up
  std::filesystem::path cacheFolder;
  std::filesystem::path stateFolder;
  std::filesystem::path choicesFile;  ///< see EngineOptions
  std::string version;
};

/// One word behind `studio`. Its flags are bound to it when it is made, so it is alive while they are parsed.
class Command {
 public:
  virtual ~Command() = default;

  /// Does the work. Failures with a known reason leave as EngineException.
  virtual ExitCode run(CommandEnvironment& environment) = 0;

  /// True when standard output is for programs: failures are reported there too.
  virtual bool isJson() const { return false; }
};

}  // namespace studio::app
