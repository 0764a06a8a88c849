#pragma once

#include "engine/api/generator.h"
#include "engine/api/log.h"
#include "engine/pipeline/job_context.h"
#include "engine/pipeline/job_journal.h"
#include "engine/pipeline/job_meter.h"
#include "engine/pipeline/loaded_model.h"
#include "engine/pipeline/lora_resolver.h"
#include "engine/pipeline/model_shelf.h"
#include "engine/pipeline/recovery.h"
#include "engine/pipeline/room_watch.h"
#include "engine/runtime/job_queue.h"
#include "engine/runtime/question.h"

#include <functional>
#include <memory>
#include <mutex>
#include <thread>

namespace studio::engine {

/// The engine behind Generator: one thread that owns device and models and takes jobs from the line.
class LocalGenerator final : public Generator {
 public:
  /// `look` tells of the machine's memory.
  LocalGenerator(
      const EngineOptions& options, LogSink log, LookAtHost look = [] { return hostMemory(); });
  ~LocalGenerator() override;

  JobId submit(const GenerationRequest& request, const OutputOptions& output) override;
  using Generator::resume;
  JobId submitFirst(const GenerationRequest& request, const OutputOptions& output) override;
  JobId resume(const std::string& unfinished, const OptionsPatch& changes) override;
  JobId keepPartial(const std::string& unfinished, const OptionsPatch& changes) override;
  JobId decode(const std::filesystem::path& latent, const GenerationRequest& request,
               const OutputOptions& output) override;
  void cancel(JobId job) override;
  void pause(JobId job) override { jobs_.pause(job); }
  void answer(JobId job, bool yes) override { question_.answer(job, yes); }
  void setOptions(const EngineOptions& options) override;
  EventQueue& events() override { return events_; }

 private:
  /// With a folder where jobs are kept.
  Job ordered(const GenerationRequest& request, const OutputOptions& output);
  void work();
  /// Whatever goes wrong becomes the job's outcome: an exception out of the thread would end the process.
  void runAndReport(Job job) noexcept;
  /// Throws what made the job fail. One that goes on gets its order out of its folder.
  EngineEvent outcomeOf(Job& job);
  /// The job's way between the opening and the closing of its journal.
  EngineEvent outcomeOf(const Job& job, const JobContext& context);
  /// Of a job that was asked to stop, by why it was.
  EngineEvent outcomeOfStopped(const Job& job, JobJournal& journal);
  /// Asks those who listen, until they say no for the first time.
  std::function<bool(const Sentence&)> consentFor(JobId job);
  /// Sends the event on; rungs are logged too.
  void announce(EngineEvent event);
  void reportFailure(JobId job, EngineError error) noexcept;
  int run(const Job& job, const JobContext& context);
  void decode(const Job& job, const JobContext& context);
  /// What was remembered for the model, where the request leaves it to the file.
  static GenerationRequest withRememberedChoice(GenerationRequest request, const JobContext& context);
  /// Model and refiner ready to work, and where they will be.
  std::unique_ptr<Recovery> load(const GenerationRequest& request, const JobContext& context);
  void openModel(const GenerationRequest& request, const NumericRecipe& recipe, const JobContext& context);
  LoadedModel& modelFor(const GenerationRequest& request, const NumericRecipe& recipe, const JobContext& context);
  /// Parts that an earlier process found too narrow for a job that goes on.
  void widenAsBefore(const JobJournal& journal);
  /// Says once that there is nothing to pin for.
  void remarkOnPinned(const NumericRecipe& recipe, const JobContext& context);
  /// Of the models for later jobs those stay that have room beside this job.
  void keepIdle(const Recovery& recovery, const JobContext& context);
  /// What is done every few seconds while no job runs: where memory is short, kept models leave. False: none are kept.
  bool easePressure();
  void loadRefiner(const GenerationRequest& request, const LoadedModel& model, const JobContext& context);
  GenerationRequest withPromptLoras(const GenerationRequest& request, const JobContext& context);

  LogSink log_;
  EventQueue events_;
  WriterThread writer_;  ///< before the jobs, whose records write through it
  JobQueue jobs_;
  Question question_;
  std::mutex optionsMutex_;
  EngineOptions options_;
  RecipeResolver recipes_;  ///< engine thread only, like the model
  TrainersNames trainersNames_;
  std::unique_ptr<LoadedModel> model_, refiner_;  ///< of the job that runs or ran last
  ModelShelf shelf_;                              ///< all others
  JobMeter meter_;
  RoomWatch room_;
  Bytes predictedPeak_;  ///< of the running job, as its rungs
  std::vector<Sentence> rungs_;
  bool saidPinned_ = false;
  Bytes streamedPerStep_;
  KeptJob kept_;         ///< what became of the job that failed last
  std::jthread thread_;  ///< last: starts when all else is there
};

}  // namespace studio::engine
