#pragma once

#include "engine/memory/oom_ladder.h"
#include "engine/pipeline/error_translation.h"
#include "engine/pipeline/job_context.h"
#include "engine/pipeline/plan_keeper.h"
#include "engine/pipeline/shortage_report.h"

#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace studio::engine {

/// Keeps a job going within the memory there is: makes its plan, carries it out, and where memory runs out makes and
/// carries out a smaller one, says so, and has the part that failed done again. Engine thread only; model, refiner,
/// request and context must outlive it.
class Recovery {
 public:
  /// Makes the first plan, by smaller ways where the budget asks for them or where the job's journal says that they
  /// were taken before. `refiner` may be null; phases before `first` have no part in the job; without `next` the
  /// options' policy decides. Throws EngineException(OutOfMemory) when no plan has room.
  Recovery(LoadedModel& model, const LoadedModel* refiner, const GenerationRequest& request, const JobContext& context,
           Phase first = Phase::Load, NextRung next = {});

  /// To be called before a phase's first block. Keeps less in memory from here on if other programs have taken it.
  void enter(Phase phase);
  /// Reads the network that denoises where the plan has it in memory from the beginning. Throws as
  /// Residency::placeAll.
  void placeAhead();

  /// Calls `work()` until it comes through: again after each rung that could be taken. What it made is gone when it
  /// throws; what is to be kept lives outside of it. Throws what `work` throws, and EngineException(OutOfMemory) with
  /// the rungs that were tried.
  template <class Work>
  auto during(Phase phase, Work&& work) {
    while (true) {
      try {
        return work();
      } catch (...) {
        makeRoom(phase);
      }
    }
  }

  /// Phases before this one are over and need no room any more.
  void setFirst(Phase phase) { first_ = phase; }
  /// The networks are others now: plans for them, by smaller ways where there is no room. `why` is told and kept with
  /// the rungs. Throws EngineException(OutOfMemory) when no plan has room.
  void planAnew(const Sentence& why);
  /// How many steps are done; what enter() does for phases is done here for steps, every few seconds.
  void setStep(int step);

  const Execution& execution() const { return execution_; }
  const MemoryPlan& plan() const { return keeper_.plan(); }
  /// How the small decoder works between steps; nothing when there is no room for it.
  std::optional<DecodeWay> previewWay() const {
    return execution_.decodesPreviews ? std::optional(plan().preview) : std::nullopt;
  }
  /// Of the first plan that had room.
  Bytes predictedPeak() const { return predictedPeak_; }
  const std::vector<Sentence>& rungs() const { return rungs_; }

 private:
  /// After a look at the machine: makes room for others if they need it.
  void giveWay(Phase phase);
  /// The same job with this budget; nothing when that would change no plan, or the picture.
  std::optional<Execution> shrunkTo(Bytes budget) const;
  /// Inside a catch block: takes the next rung, or throws.
  void makeRoom(Phase phase);
  /// False when there is no rung. `report` tells how things were.
  bool takeRungs(const MemoryShortage& shortage, const std::shared_ptr<const MemoryReport>& report);
  /// Says why and by which rungs, and carries the job out in this way from here on.
  void goOnWith(const Execution& execution, const std::vector<Sentence>& rungs, Phase phase,
                const std::shared_ptr<const MemoryReport>& report);
  [[noreturn]] void refuse() const;
  Circumstances circumstances(const MemoryShortage& shortage) const;
  ShortageScene sceneOf(const MemoryShortage& shortage) const;
  /// Null when there is no memory even for that.
  std::shared_ptr<const MemoryReport> describe(const MemoryShortage& shortage) const noexcept;
  /// The same with what would help now.
  std::shared_ptr<const MemoryReport> withFixes(const std::shared_ptr<const MemoryReport>& report,
                                                const MemoryShortage& shortage) const noexcept;
  MemoryPlan planOf(const Execution& execution) const;

  LoadedModel& model_;
  const LoadedModel* refiner_;
  const GenerationRequest& request_;
  const JobContext& context_;
  NextRung next_;
  Phase first_;
  Phase began_;  ///< where first_ was at the beginning
  Execution execution_;
  PlanKeeper keeper_;
  Bytes predictedPeak_;
  int step_ = 0;
  std::uint64_t refusals_ = lastRefusal().number;  ///< that are dealt with
  std::vector<Sentence> rungs_;
};

}  // namespace studio::engine
