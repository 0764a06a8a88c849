#pragma once

#include "engine/api/engine_error.h"
#include "engine/api/engine_options.h"
#include "engine/api/generation_request.h"
#include "engine/api/memory_plan.h"

namespace studio::engine {

/// Says what a request would take before it runs: reads the headers of its files, computes shapes, touches no device
/// and reads no weights; the first time it may try for a moment how fast the processor is. For one thread at a time,
/// which must not be the GUI's; beside a running engine.
class Estimator {
 public:
  virtual ~Estimator() = default;

  /// Fails as a job of this request would before it loads: BadRequest, MissingFile, BadFile, MissingPart, WrongFamily.
  virtual Result<MemoryEstimate> estimate(const GenerationRequest& request, const EngineOptions& options) = 0;
};

}  // namespace studio::engine
