#pragma once

#include "engine/api/hardware_profile.h"
#include "engine/device/hardware_source.h"

#include <vector>

namespace studio::engine {

/// Drivers and tools that people ask for, and what their absence means. `gpus`: those of the machine.
std::vector<HardwareCheck> hardwareChecks(const std::vector<GpuProfile>& gpus, const HardwareSource& source);

/// Variables that hide GPUs or change what they claim to be, where they are set.
std::vector<std::pair<std::string, std::string>> gpuVariables(const HardwareSource& source);

}  // namespace studio::engine
