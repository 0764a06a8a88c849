#include "engine/pipeline/memory_counters.h"

namespace studio::engine {

Bytes peakDeviceBytes() { return {}; }

void resetMemoryPeaks() {}

}  // namespace studio::engine
