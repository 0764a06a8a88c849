#pragma once

#include "engine/api/engine_options.h"

#include <c10/core/Device.h>

namespace studio::engine {

/// Free memory of a device, with what the engine itself holds there and would use again. Any thread.
Bytes freeMemoryOf(at::Device device);

/// The most that a job may take: the options' budget, or what is free where that is less, without the reserve. 0 when
/// neither is set: there is no limit. Never 0 otherwise.
Bytes usableBudget(const EngineOptions& options, Bytes free);
Bytes usableBudget(const EngineOptions& options, at::Device device);

}  // namespace studio::engine
