#pragma once

#include "engine/device/hardware_source.h"

#include "engine/api/units.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace studio::engine {

/// What one open file of a graphics card says of its use (the kernel's drm-usage-stats).
struct DrmClient {
  std::string pciAddress;
  std::int64_t id = -1;  ///< of the client: several files may belong to one
  Bytes memory;          ///< of the card's own
};
DrmClient drmClientFrom(std::string_view fdinfo);

/// A process with memory of a card.
struct GpuProcess {
  unsigned id = 0;
  Bytes memory;
};

/// For each card, by address on the bus, the processes that hold its memory; only those that this user may look into.
std::map<std::string, std::vector<GpuProcess>> drmProcesses(const std::filesystem::path& root);

}  // namespace studio::engine
