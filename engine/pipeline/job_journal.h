#pragma once

#include "engine/api/engine_event.h"
#include "engine/pipeline/job_checkpoint.h"
#include "engine/pipeline/job_order.h"
#include "engine/pipeline/numeric_recipe.h"
#include "engine/runtime/job_queue.h"
#include "engine/runtime/job_record.h"
#include "engine/sampling/sampler_state.h"

#include <functional>
#include <memory>
#include <optional>

namespace studio::engine {

/// What a running job leaves in its folder, so that it can go on after a crash, and what it found there. Writing is
/// done on the writer's thread; a job that keeps nothing has a journal that does nothing. Engine thread only.
class JobJournal {
 public:
  using Tell = std::function<void(const Sentence&)>;

  /// Opens the folder of a job that begins or goes on. Of one that goes on the order is read into `job`, with the
  /// precision and the threads that its steps were made with. Throws EngineException: MissingFile, BadRequest,
  /// BadFile; `job` then stays in its folder.
  JobJournal(Job& job, WriterThread& writer);

  /// {date} in the names of the job's pictures.
  std::time_t started() const { return now_.started; }
  /// The job's order has become another one.
  void keepOrder(const JobOrder& order);

  /// All files are there and plans are made next. Steps that were made by another recipe do not count, and it is told.
  void begin(const CheckpointRecipe& recipe, const Tell& tell);

  /// How to carry out a job that would be carried out in this way: since memory ran out smaller ways may be taken.
  /// When people ask for another way than before, only what decides the pictures' bits stays.
  Execution executionFor(const Execution& wanted);
  /// What led to it, in an earlier process.
  const std::vector<Sentence>& rungs() const { return now_.rungs; }
  void keepPlan(const std::string& json);
  /// Memory ran out, and the job is carried out in another way from here on; `rungs` are all there were.
  void keepExecution(const Execution& execution, const std::vector<Sentence>& rungs);

  /// Whether main memory is short: the system may end the process any moment, and cannot say so afterwards.
  void noteShortMemory(bool isShort);

  /// Parts that compute in fp32 from the beginning, since an earlier process found that they have to.
  const std::vector<Widening>& widenings() const { return now_.widenings; }
  void keepWidening(Widening widening);

  /// The state that this batch goes on from, if it was left within it.
  std::optional<SamplerState> stateFor(int batch, at::IntArrayRef shape, const Tell& tell);
  /// Pictures before this one are on disk, and batches before theirs done.
  int picturesDone() const { return now_.picturesDone; }

  /// Whether the refiner had taken over in the state that stateFor() gave, and since then at the last step.
  bool refines() const { return now_.refines; }

  /// A step of this batch is done: `of` in all, and the refiner has taken over or not.
  void keepStep(int batch, const SamplerState& state, int of, bool refines, const Tell& tell);
  /// Returns when the last step that was kept is on disk.
  void settle();
  /// Picture `index` is on disk.
  void keepPicture(int index);

  /// How the job ended; the folder goes, or waits for another time.
  void endDone();
  KeptJob endResting();
  /// By a failure: what might go better another time stays.
  KeptJob endFailed(ErrorKind kind, int pictures);

  /// Where a job of batches of this size stands.
  StepPlace place(int batchSize) const;
  /// Steps of its batch that were done when the job went on; 0 for one that begins.
  int resumedFromStep() const { return resumedFrom_; }
  /// Pictures may be on disk although the checkpoint does not know them: the job was ended in between.
  bool mayBeOnDisk() const { return goesOn_; }

 private:
  void openFolder(Job& job, WriterThread& writer);
  void keep();
  void tellProblem(const Tell& tell) const;

  std::shared_ptr<JobRecord> record_;  ///< null: nothing is kept
  Execution asked_;                    ///< by the job's options, whatever is free today
  JobCheckpoint now_;
  bool goesOn_ = false;
  bool brokenCheckpoint_ = false;
  int resumedFrom_ = 0;
};

/// What the bits of this request's pictures hang on, beside the request.
CheckpointRecipe checkpointRecipe(const NumericRecipe& recipe, const GenerationRequest& request);

}  // namespace studio::engine
