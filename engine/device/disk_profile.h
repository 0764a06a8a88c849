#pragma once

#include "engine/api/hardware_profile.h"
#include "engine/device/hardware_source.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace studio::engine {

/// A line of /proc/self/mountinfo.
struct Mount {
  std::string point;       ///< "/home"
  std::string fileSystem;  ///< "ext4"
  std::string source;      ///< "/dev/sda1", "server:/share"
  std::string number;      ///< of the device, "8:1"; file systems over several devices have one of their own
};

/// The lines that can be understood.
std::vector<Mount> mountsFrom(std::string_view mountinfo);

/// Where a folder lies; its free space as the source tells.
DiskProfile diskProfile(const std::filesystem::path& folder, const HardwareSource& source);

}  // namespace studio::engine
