#include "engine/api/engine_options.h"

namespace studio::engine {

void applyPatch(const OptionsPatch& patch, EngineOptions& options) {
  if (patch.memoryMode) options.memoryMode = *patch.memoryMode;
  if (patch.decode) options.decode = *patch.decode;
  if (patch.oomPolicy) options.oomPolicy = *patch.oomPolicy;
  if (patch.preview) options.preview = *patch.preview;
  if (patch.deviceBudget) options.deviceBudget = *patch.deviceBudget;
}

}  // namespace studio::engine
