#include "presets/tier.h"

#include <algorithm>

namespace studio::presets {

engine::MemoryMode Tier::memoryModeFor(int nominalGib) const {
  const auto rule = std::find_if(memory.begin(), memory.end(), [nominalGib](const MemoryRule& one) {
    return one.belowGib == 0 || nominalGib < one.belowGib;
  });
  return rule == memory.end() ? engine::MemoryMode::Automatic : rule->mode;
}

bool Tier::holds(bool hasGpu, int nominalGib) const {
  if (!gpu || !hasGpu) return gpu == hasGpu;
  return nominalGib >= fromGib && (belowGib == 0 || nominalGib < belowGib);
}

}  // namespace studio::presets
