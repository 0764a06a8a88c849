#include "engine/device/hardware_source.h"

#include <cstdlib>
#include <system_error>

namespace studio::engine {

std::optional<std::string> environmentVariable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

std::optional<DiskSpace> diskSpace(const std::filesystem::path& path) {
  std::error_code unknown;
  const std::filesystem::space_info space = std::filesystem::space(path, unknown);
  if (unknown) return std::nullopt;
  return DiskSpace{{static_cast<std::int64_t>(space.capacity)}, {static_cast<std::int64_t>(space.available)}};
}

}  // namespace studio::engine
