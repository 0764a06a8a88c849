#pragma once

#include "engine/device/pci_bus.h"

#include <filesystem>
#include <string>

namespace studio::engine {

/// A card's name by its PCI ids: from the system's list of them, else from a short one of our own, else its maker and
/// the ids. `root` stands for "/" in tests.
std::string gpuName(const PciCard& card, const std::filesystem::path& root);

/// The name that a list of PCI ids (hwdata's format) has for a device; empty where it has none.
std::string nameInPciIds(std::string_view list, unsigned vendor, unsigned device);

}  // namespace studio::engine
