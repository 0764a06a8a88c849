#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace studio::engine {

/// A graphics or compute card on the PCI bus.
struct PciCard {
  std::string address;  ///< "0000:01:00.0"
  unsigned vendor = 0, device = 0;
  std::string driver;  ///< the kernel's, "nvidia", "amdgpu", "nouveau"; empty: none is bound
};

constexpr unsigned kNvidiaVendor = 0x10de, kAmdVendor = 0x1002, kIntelVendor = 0x8086;

/// "10de:2684", vendor and device as lists of PCI ids have them.
std::string pciIdText(const PciCard& card);

/// In the order of their addresses. Empty without /sys. `root` stands for "/" in tests.
std::vector<PciCard> pciCards(const std::filesystem::path& root = "/");

}  // namespace studio::engine
