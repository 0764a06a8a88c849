#include "engine/api/memory_plan.h"

#include <algorithm>

namespace studio::engine {

Bytes MemoryPlan::peak() const {
  Bytes most;
  for (const PhaseMemory& phase : phases) most.count = std::max(most.count, phase.peak().count);
  return most;
}

Bytes MemoryPlan::hostPeak() const {
  Bytes most;
  for (const PhaseMemory& phase : phases) most.count = std::max(most.count, phase.host.count);
  return most;
}

const NetworkPlacement* MemoryPlan::placementOf(const std::string& network) const {
  const auto found = std::find_if(networks.begin(), networks.end(),
                                  [&network](const NetworkPlacement& n) { return n.network == network; });
  return found == networks.end() ? nullptr : &*found;
}

const PhaseMemory* MemoryPlan::phaseOf(Phase phase) const {
  const auto found =
      std::find_if(phases.begin(), phases.end(), [phase](const PhaseMemory& p) { return p.phase == phase; });
  return found == phases.end() ? nullptr : &*found;
}

const char* verdictName(Verdict verdict) {
  switch (verdict) {
    case Verdict::Fits:
      return "fits";
    case Verdict::FitsWith:
      return "fits_with";
    case Verdict::DoesNotFit:
      return "does_not_fit";
  }
  return "";
}

}  // namespace studio::engine
