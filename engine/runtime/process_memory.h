#pragma once

#include "engine/api/units.h"

namespace studio::engine {

/// The most memory this process ever held (VmHWM of /proc/self/status); 0 where the system does not say.
Bytes peakHostBytes();

}  // namespace studio::engine
