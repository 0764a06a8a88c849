#pragma once

#include "engine/api/hardware_profile.h"

#include <filesystem>
#include <string_view>

namespace studio::engine {

/// The generation whose rate a file of the kernel's names, as "16.0 GT/s PCIe"; 0 where it names none.
int pcieGeneration(std::string_view speed);

/// The slowest link between a card and the processor, now and at most: cards have switches of their own, and slots may
/// have fewer lanes than cards. `card` is the card's folder in /sys/bus/pci/devices. Intel's cards claim the slowest
/// link of all between their switch and the chip, which is not so.
struct PciePath {
  PcieLink now, most;
};
PciePath pciePath(const std::filesystem::path& card);

}  // namespace studio::engine
