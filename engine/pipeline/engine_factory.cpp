#include "engine/api/engine_factory.h"

#include "engine/device/local_device_catalog.h"
#include "engine/device/local_hardware_survey.h"
#include "engine/memory/budget_allocator.h"
#include "engine/pipeline/local_benchmark.h"
#include "engine/pipeline/local_converter.h"
#include "engine/pipeline/local_estimator.h"
#include "engine/pipeline/local_generator.h"
#include "engine/pipeline/local_inspector.h"
#include "engine/pipeline/local_unfinished_jobs.h"
#include "engine/text/tokens/clip_token_counter.h"
#include "engine/text/tokens/grammar_linter.h"

#include <utility>

namespace studio::engine {

std::unique_ptr<Generator> makeGenerator(const EngineOptions& options, LogSink log) {
  installBudgetAllocator();
  return std::make_unique<LocalGenerator>(options, std::move(log));
}

std::unique_ptr<Inspector> makeInspector(const std::filesystem::path& cacheFolder,
                                         const std::filesystem::path& choicesFile) {
  return std::make_unique<LocalInspector>(cacheFolder, choicesFile);
}

std::unique_ptr<UnfinishedJobs> makeUnfinishedJobs(const std::filesystem::path& stateFolder) {
  return std::make_unique<LocalUnfinishedJobs>(stateFolder);
}

std::unique_ptr<Estimator> makeEstimator() { return std::make_unique<LocalEstimator>(); }
std::unique_ptr<Converter> makeConverter() { return std::make_unique<LocalConverter>(); }

std::unique_ptr<Benchmark> makeBenchmark() {
  installBudgetAllocator();
  return std::make_unique<LocalBenchmark>();
}

std::unique_ptr<DeviceCatalog> makeDeviceCatalog() { return std::make_unique<LocalDeviceCatalog>(); }
std::unique_ptr<HardwareSurvey> makeHardwareSurvey() { return std::make_unique<LocalHardwareSurvey>(); }
std::unique_ptr<TokenCounter> makeTokenCounter() { return std::make_unique<ClipTokenCounter>(); }
std::unique_ptr<PromptLinter> makePromptLinter() { return std::make_unique<GrammarLinter>(); }

const char* engineVersion() { return "0.1.0"; }

}  // namespace studio::engine
