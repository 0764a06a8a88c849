#pragma once

#include "engine/api/hardware_profile.h"
#include "engine/device/hardware_source.h"
#include "engine/device/pci_bus.h"

#include <vector>

namespace studio::engine {

/// NVIDIA's cards, as their management library and the PCI bus tell. The libraries are asked on threads of their own
/// and get the source's time limit; a library that hangs makes its cards unusable, and no more. Thread-safe.
std::vector<GpuProfile> nvidiaGpus(const std::vector<PciCard>& bus, const HardwareSource& source);

}  // namespace studio::engine
