#pragma once

#include "engine/api/hardware_profile.h"
#include "engine/device/drm_clients.h"
#include "engine/device/pci_bus.h"

#include <filesystem>
#include <string>
#include <vector>

namespace studio::engine {

/// Whether it is a card of a maker whose cards compute, with memory of its own.
bool mayCompute(const PciCard& card);

/// A card as far as the kernel tells without its maker's libraries. Its device's id is its address on the bus, and it
/// is not usable.
GpuProfile pciGpu(const PciCard& card, const std::filesystem::path& root);

/// The other processes of each name together, the largest first; those that nothing is told of come last.
std::vector<ProgramMemory> programsFrom(const std::vector<GpuProcess>& processes, const std::filesystem::path& root);

/// Cards of makers that no build has a back end for. `processes` as of drmProcesses().
GpuProfile foreignGpu(const PciCard& card, const std::vector<GpuProcess>& processes, const std::filesystem::path& root);

}  // namespace studio::engine
