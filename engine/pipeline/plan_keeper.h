#pragma once

#include "engine/api/memory_plan.h"
#include "engine/memory/oom_ladder.h"
#include "engine/pipeline/loaded_model.h"

#include <map>
#include <string>

namespace studio::engine {

/// Carries a memory plan out on a model's networks: which blocks stay, where they work, and who leaves before a phase
/// begins. Engine thread only; the model must outlive it.
class PlanKeeper {
 public:
  /// `refiner` may be null; `copies` of what passes by wait on the host as far as there is room.
  PlanKeeper(const LoadedModel& model, const LoadedModel* refiner, MemoryPlan plan, HostCopies copies);

  /// To be called before a phase's first block.
  void enter(Phase phase) const;

  /// Reads a network's lasting blocks now rather than at its first use. Throws as Residency::placeAll.
  void place(const std::string& network, const std::stop_token& stop) const;

  const MemoryPlan& plan() const { return plan_; }
  /// Memory that the system may not move was wanted for copies and not to be had.
  bool wasRefusedPinned() const;

 private:
  void carryOut(const LoadedModel& refiner, HostCopies copies) const;

  MemoryPlan plan_;
  std::map<std::string, Residency*> networks_;
};

}  // namespace studio::engine
