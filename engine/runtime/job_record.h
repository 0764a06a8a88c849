#pragma once

#include "engine/api/engine_error.h"
#include "engine/runtime/job_store.h"
#include "engine/runtime/writer_thread.h"

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace studio::engine {

/// How a job leaves the engine.
enum class JobEnd {
  Done,    ///< finished or given up: its folder goes
  Rested,  ///< to go on another time
  Failed,  ///< likewise, but as one of the crashes after which a job is set aside
};

/// A job's folder as the engine writes it: every call returns at once and the work is done on the writer's thread. A
/// write that fails is no reason to end a job; it is kept for takeProblem(). All members are thread-safe; the writer
/// must outlive the last call.
class JobRecord {
 public:
  /// A new job; makes its folder.
  JobRecord(WriterThread& writer, const JobStore& store, std::string request);
  /// A job that goes on.
  JobRecord(WriterThread& writer, JobFolder folder);
  JobRecord(const JobRecord&) = delete;
  JobRecord& operator=(const JobRecord&) = delete;
  /// Without an end() before, the job stays as it is, for a later process.
  ~JobRecord();

  /// The job is about to run.
  void begin();
  void keepRequest(std::string bytes);
  void keepPlan(std::string bytes);
  /// `bytes` is called on the writer's thread. Of checkpoints that wait only the newest is written.
  void keepCheckpoint(std::function<std::string()> bytes);
  void end(JobEnd how);

  /// Returns when all of the above is done.
  void flush();

  /// The folder's name, also after its end; empty before it is made.
  std::string id() const;

  /// The first write that failed, once.
  std::optional<EngineError> takeProblem();

 private:
  struct Shared;
  void keep(JobFile file, std::string bytes);
  template <class Work>
  void post(Work work);

  WriterThread& writer_;
  std::uint64_t checkpointKey_;
  std::shared_ptr<Shared> shared_;
};

}  // namespace studio::engine
