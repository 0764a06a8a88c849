#pragma once

#include "engine/api/units.h"

#include <filesystem>

namespace studio::engine {

/// The host's memory as far as this process may use it.
struct HostMemory {
  Bytes total;      ///< the machine's, or the limit of a control group
  Bytes available;  ///< without swapping; caches of files count as free
};

/// Looks at the machine and at the control groups this process is in (version 1 and 2, all levels). Beyond their
/// limits Linux ends a process instead of failing its allocations. `root` stands for "/" in tests. Zeros where nothing
/// is known.
HostMemory hostMemory(const std::filesystem::path& root = "/");

}  // namespace studio::engine
