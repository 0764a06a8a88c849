#pragma once

#include "engine/api/engine_options.h"
#include "engine/api/event_queue.h"
#include "engine/api/generation_request.h"

namespace studio::engine {

/// Makes pictures on a thread of its own. Every call returns at once; results come as events.
/// Implementations: the engine (pipeline/local_generator) and the scripted fake of the UI tests.
/// The destructor cancels what runs, drops what waits and joins.
class Generator {
 public:
  virtual ~Generator() = default;

  /// Puts a job at the end of the line. A request that cannot be done ends with JobFailed.
  virtual JobId submit(const GenerationRequest& request, const OutputOptions& output) = 0;

  /// Asks a waiting or running job to end with JobCancelled; unknown jobs are ignored.
  virtual void cancel(JobId job) = 0;

  /// Options for the jobs submitted from now on.
  virtual void setOptions(const EngineOptions& options) = 0;

  virtual EventQueue& events() = 0;
};

}  // namespace studio::engine
