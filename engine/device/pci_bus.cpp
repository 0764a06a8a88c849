#include "engine/device/pci_bus.h"

#include "engine/device/system_file.h"

#include <array>
#include <cstdio>

namespace studio::engine {
namespace {

namespace fs = std::filesystem;

constexpr int kMostDevices = 4096;

/// Display controllers (class 3), and accelerators (0x12) for cards without an output.
bool isCard(unsigned kind) { return kind >> 16 == 0x03 || kind >> 16 == 0x12; }

}  // namespace

std::string pciIdText(const PciCard& card) {
  std::array<char, 24> text{};
  std::snprintf(text.data(), text.size(), "%04x:%04x", card.vendor, card.device);
  return text.data();
}

std::vector<PciCard> pciCards(const fs::path& root) {
  std::vector<PciCard> cards;
  for (const fs::path& folder : entriesOf(root / "sys/bus/pci/devices", kMostDevices)) {
    const auto kind = hexadecimalIn(folder / "class"), vendor = hexadecimalIn(folder / "vendor"),
               device = hexadecimalIn(folder / "device");
    if (!kind || !vendor || !device || !isCard(*kind)) continue;
    cards.push_back({folder.filename().string(), *vendor, *device, linkNameOf(folder / "driver")});
  }
  return cards;
}

}  // namespace studio::engine
