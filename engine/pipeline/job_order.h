#pragma once

#include "engine/api/engine_options.h"
#include "engine/api/generation_request.h"
#include "engine/api/memory_plan.h"

#include <ctime>
#include <string>

namespace studio::engine {

/// What a job's request.json holds: all that makes its pictures again, wherever the next studio is started.
struct JobOrder {
  GenerationRequest request;
  OutputOptions output;
  EngineOptions options;  ///< of them what decides where and how; folders of caches and the like are the reader's own
  std::time_t submitted = 0;
};

/// Relative paths are written absolute.
std::string orderJson(const JobOrder& order);

/// What a job's plan.json holds: for people, nothing goes by it.
std::string planJsonOf(const MemoryPlan& plan);

/// Throws EngineException(BadFile) for anything that is no order. What it does not say is as in `usual`.
JobOrder orderFromJson(const std::string& text, const EngineOptions& usual);

}  // namespace studio::engine
