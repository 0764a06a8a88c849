#pragma once

#include "engine/api/hardware_profile.h"

#include <filesystem>
#include <optional>
#include <string>

namespace studio::engine {

/// What the kernel's graphics subsystem tells of a card. `card` is its folder in /sys/bus/pci/devices.
struct DrmCard {
  std::string renderNode;  ///< "renderD128"
  std::optional<bool> drivesDisplay;
  Bytes total, used;  ///< of its own memory, where its driver tells (amdgpu, and xe or i915 of some versions)
  Watts powerLimit;
};
DrmCard drmCard(const std::filesystem::path& card);

}  // namespace studio::engine
