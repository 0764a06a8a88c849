#pragma once

#include "engine/api/benchmark.h"
#include "engine/api/converter.h"
#include "engine/api/device_catalog.h"
#include "engine/api/engine_options.h"
#include "engine/api/estimator.h"
#include "engine/api/generator.h"
#include "engine/api/hardware_profile.h"
#include "engine/api/inspector.h"
#include "engine/api/log.h"
#include "engine/api/prompt_linter.h"
#include "engine/api/token_counter.h"
#include "engine/api/unfinished_jobs.h"

#include <filesystem>
#include <memory>

namespace studio::engine {

/// Everything the engine offers, made by the composition root and handed down by reference.
std::unique_ptr<Generator> makeGenerator(const EngineOptions& options, LogSink log);
/// Hashes of files are kept in `cacheFolder`; with none they are computed again each time. Choices for models are kept
/// in `choicesFile`; with none they are not.
std::unique_ptr<Inspector> makeInspector(const std::filesystem::path& cacheFolder = {},
                                         const std::filesystem::path& choicesFile = {});
/// Of jobs kept under EngineOptions::stateFolder.
std::unique_ptr<UnfinishedJobs> makeUnfinishedJobs(const std::filesystem::path& stateFolder);
std::unique_ptr<Estimator> makeEstimator();
std::unique_ptr<Converter> makeConverter();
std::unique_ptr<Benchmark> makeBenchmark();
std::unique_ptr<DeviceCatalog> makeDeviceCatalog();
std::unique_ptr<HardwareSurvey> makeHardwareSurvey();
std::unique_ptr<TokenCounter> makeTokenCounter();
std::unique_ptr<PromptLinter> makePromptLinter();

/// "0.1.0"
const char* engineVersion();

}  // namespace studio::engine
