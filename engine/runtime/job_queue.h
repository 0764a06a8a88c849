#pragma once

#include "engine/api/engine_options.h"
#include "engine/api/generation_request.h"
#include "engine/api/units.h"
#include "engine/runtime/job_record.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

namespace studio::engine {

/// One order as it waits in line.
struct Job {
  JobId id;
  GenerationRequest request;
  OutputOptions output;
  EngineOptions options;
  std::shared_ptr<JobRecord> record;  ///< its folder; null when nothing is kept, or when it goes on
  std::filesystem::path latent;       ///< the kept latent that is to be decoded; empty: the request is carried out
  std::string resumes;                ///< the id of the kept job that goes on; request and output are in its folder
  OptionsPatch changes;               ///< of what it was submitted with
  bool partial = false;               ///< it only shows what it has, and rests
};

/// The line of jobs between those who submit and the engine thread. All members are thread-safe.
class JobQueue {
 public:
  enum class CancelResult { NotFound, WasWaiting, IsRunning };

  /// Puts a job at the end and gives it its number. After close() the job is dropped.
  JobId push(GenerationRequest request, OutputOptions output, EngineOptions options);
  /// The same; `job.id` is given here.
  JobId push(Job job);
  /// The same before all that wait. What runs gives way if it is kept: it is asked to stop and is to be put back.
  JobId pushFirst(Job job);
  /// A job that gave way, with its number, behind the one that it gave way to. Dropped after close().
  void putBack(Job job);

  /// A waiting job leaves the line at once, and its folder goes; a running one is asked to stop through its token.
  CancelResult cancel(JobId job);

  /// Asks a running job that is kept to stop and rest; others are left alone.
  void pause(JobId job);

  /// Why the running job was asked to stop.
  enum class Stop { NotAsked, Cancelled, Paused, GivesWay, Closed };
  Stop stopReason() const;

  /// What is done while no job waits; false: not again before the next job.
  using WhileWaiting = std::function<bool()>;

  /// Waits for the next job; nothing once the queue is closed. The job counts as running until the next take().
  /// `meanwhile` is called each time that `every` has passed, on this thread.
  std::optional<Job> take(const WhileWaiting& meanwhile = {},
                          std::chrono::milliseconds every = std::chrono::seconds(2));

  /// Asked to stop when the running job is cancelled or the queue is closed. Valid for the job taken last.
  std::stop_token runningToken() const;

  /// Drops what waits, whose folders stay, asks what runs to stop, wakes take().
  void close();

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> waiting_;
  void stopRunning(Stop reason);  ///< under the lock; what was asked first counts, but for cancelling

  std::optional<JobId> running_;
  bool runningIsKept_ = false;
  Stop reason_ = Stop::NotAsked;
  std::stop_source stop_;
  std::uint64_t lastId_ = 0;
  bool closed_ = false;
};

}  // namespace studio::engine
