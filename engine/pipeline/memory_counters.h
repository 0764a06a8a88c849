#pragma once

#include "engine/api/units.h"

namespace studio::engine {

/// Peak of the engine's device pool since resetMemoryPeaks; on the CPU its own tensors.
Bytes peakDeviceBytes();
void resetMemoryPeaks();

}  // namespace studio::engine
