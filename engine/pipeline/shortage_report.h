#pragma once

#include "engine/api/memory_report.h"
#include "engine/memory/oom_ladder.h"
#include "engine/pipeline/loaded_model.h"

#include <vector>

namespace studio::engine {

/// A job at the moment when memory ran out; refers to what it is told of.
struct ShortageScene {
  LoadedModel& model;
  const LoadedModel* refiner;  ///< may be null
  const GenerationRequest& request;
  const EngineOptions& options;
  const MemoryPlan& plan;
  const MemoryShortage& shortage;
  const std::vector<Sentence>& rungs;
  Phase first;  ///< the job has no phases before this one
  int step;
};

/// The limit is the person's own, not what the machine has free: it is other programs that are in the way only where it
/// is not.
bool isOwnLimit(Bytes limit, Bytes room);

/// Who holds what, as long as nothing has been given back yet. Without fixes. Engine thread only.
MemoryReport reportOf(const ShortageScene& scene);

/// What people could change so that the job comes through: by plans alone, nothing is tried. Some of it changes the
/// picture. The job is over, so the model's weights are dropped.
void addFixes(const ShortageScene& scene, MemoryReport& report);

}  // namespace studio::engine
