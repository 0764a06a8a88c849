#pragma once

#include "engine/api/hardware_profile.h"

#include <filesystem>

namespace studio::engine {

/// From /proc/cpuinfo and /sys. `root` stands for "/" in tests.
CpuProfile cpuProfile(const std::filesystem::path& root);

/// Main memory, swap, and what control groups leave of it.
MemoryProfile memoryProfile(const std::filesystem::path& root);

}  // namespace studio::engine
