#pragma once

#include "engine/api/engine_options.h"
#include "engine/api/event_queue.h"
#include "engine/api/generation_request.h"

#include <filesystem>
#include <string>

namespace studio::engine {

/// Makes pictures on a thread of its own. Every call returns at once; results come as events.
/// Implementations: the engine (pipeline/local_generator) and the scripted fake of the UI tests.
/// The destructor cancels what runs, drops what waits and joins; both are kept for another time where the options name
/// a place.
class Generator {
 public:
  virtual ~Generator() = default;

  /// Puts a job at the end of the line. A request that cannot be done ends with JobFailed.
  virtual JobId submit(const GenerationRequest& request, const OutputOptions& output) = 0;

  /// Puts a job before all others. The one that runs gives way and goes on afterwards, if it is kept on disk.
  virtual JobId submitFirst(const GenerationRequest& request, const OutputOptions& output) = 0;

  /// Puts an unfinished job of an earlier process, an id of UnfinishedJobs, at the end of the line. It goes on where it
  /// was and its pictures are those it would have made; what is on disk already is not made again. `changes` to the
  /// options it was submitted with.
  virtual JobId resume(const std::string& unfinished, const OptionsPatch& changes) = 0;
  JobId resume(const std::string& unfinished) { return resume(unfinished, {}); }

  /// Makes pictures of what a kept job has so far, likewise in line: of the batch at work, as it would look after one
  /// step more, beside the places of the pictures to come and with "-partial" in their names. Ends with JobPaused: the
  /// job is kept, and resume() goes on with it.
  virtual JobId keepPartial(const std::string& unfinished, const OptionsPatch& changes) = 0;

  /// Makes the picture of a kept latent (OutputOptions::keepLatents) with the VAE of the request's model, or with the
  /// request's VAE; the rest of the request does not count.
  virtual JobId decode(const std::filesystem::path& latent, const GenerationRequest& request,
                       const OutputOptions& output) = 0;

  /// Asks a waiting or running job to end with JobCancelled; unknown jobs are ignored. It is then not kept.
  virtual void cancel(JobId job) = 0;

  /// Asks a running job to end with JobPaused; it is kept, and resume() goes on with it. Jobs that are not kept on disk
  /// go on running.
  virtual void pause(JobId job) = 0;

  /// The answer to ConsentAsked; ignored when the job waits for none.
  virtual void answer(JobId job, bool yes) = 0;

  /// Options for the jobs submitted from now on.
  virtual void setOptions(const EngineOptions& options) = 0;

  virtual EventQueue& events() = 0;
};

}  // namespace studio::engine
