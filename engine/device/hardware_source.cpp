#include "engine/device/hardware_source.h"

#include <cstdlib>

namespace studio::engine {

std::optional<std::string> environmentVariable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

}  // namespace studio::engine
