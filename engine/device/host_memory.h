#pragma once

#include "engine/api/units.h"

#include <filesystem>
#include <functional>

namespace studio::engine {

/// The host's memory as far as this process may use it.
struct HostMemory {
  Bytes total;         ///< the machine's, or the limit of a control group
  Bytes available;     ///< without swapping; caches of files count as free
  double stalled = 0;  ///< percent of the last ten seconds in which a program waited for memory
};

/// Looks at the machine and at the control groups this process is in (version 1 and 2, all levels). Beyond their
/// limits Linux ends a process instead of failing its allocations. `root` stands for "/" in tests. Zeros where nothing
/// is known.
HostMemory hostMemory(const std::filesystem::path& root = "/");

/// Tells how things are now, see hostMemory.
using LookAtHost = std::function<HostMemory()>;

/// Left to the system and to everything in this process that is no tensor.
Bytes hostMargin(const HostMemory& host);

}  // namespace studio::engine
