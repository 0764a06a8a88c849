#pragma once

#include "engine/api/engine_error.h"
#include "engine/api/generation_request.h"
#include "engine/api/phase.h"

#include <ctime>
#include <optional>
#include <string>
#include <vector>

namespace studio::engine {

/// A job that is kept on disk because it is not finished: it runs or waits, or its process ended before it did.
struct UnfinishedJob {
  std::string id;  ///< for Generator::resume
  std::time_t submitted = 0;
  GenerationRequest request;
  bool readable = true;  ///< false: what is kept is broken, and all but `id` and `running` is empty
  int pictures = 1;
  int picturesDone = 0;
  int step = 0;                  ///< done of the batch at work
  int steps = 0;                 ///< 0 before the first
  Phase phase = Phase::Denoise;  ///< Decode when only that is left of the batch
  bool running = false;          ///< its studio lives
  int crashes = 0;               ///< how often its process ended in the middle of it
  bool memoryWasShort = false;   ///< main memory, shortly before: the system may have ended the process
  bool setAside = false;         ///< so often that it may be to blame
};

/// Looks after kept jobs, also those of other processes. Thread-safe; reads and writes files, so never call it on the
/// GUI thread.
class UnfinishedJobs {
 public:
  virtual ~UnfinishedJobs() = default;

  /// Oldest first.
  virtual std::vector<UnfinishedJob> list() const = 0;

  /// Takes a job away for good; not one that runs.
  virtual std::optional<EngineError> discard(const std::string& id) const = 0;
};

}  // namespace studio::engine
