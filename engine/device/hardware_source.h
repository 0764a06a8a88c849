#pragma once

#include "engine/api/units.h"
#include "engine/device/back_end.h"

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace studio::engine {

/// A variable of this process's environment; nothing where it is not set.
std::optional<std::string> environmentVariable(const char* name);

struct DiskSpace {
  Bytes total, free;  ///< free for this user
};

/// Of the disk that a path lies on; nothing where the system does not tell.
std::optional<DiskSpace> diskSpace(const std::filesystem::path& path);

/// Where detection looks. Tests put a folder, libraries and variables of their own there.
struct HardwareSource {
  std::filesystem::path root = "/";         ///< below it: proc, sys, dev
  std::string nvml = "libnvidia-ml.so.1";   ///< NVIDIA's management library, as dlopen takes it
  std::string cuda = "libcuda.so.1";        ///< and CUDA's driver
  std::chrono::milliseconds limit{4000};    ///< for each library; a sleeping card may take seconds to wake
  BackEnd backEnd = builtBackEnd();         ///< what cards are judged for
  std::chrono::milliseconds sampling{100};  ///< between two looks at what programs do
  std::function<std::optional<std::string>(const char*)> variable = environmentVariable;
  std::function<std::optional<DiskSpace>(const std::filesystem::path&)> space = diskSpace;
};

}  // namespace studio::engine
