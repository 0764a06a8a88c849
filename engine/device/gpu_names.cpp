#include "engine/device/gpu_names.h"

#include "engine/device/system_file.h"

#include <array>
#include <charconv>
#include <optional>
#include <string_view>

namespace studio::engine {
namespace {

struct KnownGpu {
  unsigned vendor, device;
  const char* name;
};

// Cards that people have, for systems without a list of PCI ids. Several cards share an id.
constexpr std::array<KnownGpu, 16> kKnownGpus{{
    {kAmdVendor, 0x67df, "Radeon RX 470/480/570/580"},
    {kAmdVendor, 0x687f, "Radeon RX Vega 56/64"},
    {kAmdVendor, 0x731f, "Radeon RX 5600/5700"},
    {kAmdVendor, 0x73bf, "Radeon RX 6800/6900"},
    {kAmdVendor, 0x73df, "Radeon RX 6700/6750"},
    {kAmdVendor, 0x73ff, "Radeon RX 6600"},
    {kAmdVendor, 0x744c, "Radeon RX 7900"},
    {kAmdVendor, 0x747e, "Radeon RX 7700/7800"},
    {kAmdVendor, 0x7480, "Radeon RX 7600"},
    {kAmdVendor, 0x7550, "Radeon RX 9070"},
    {kIntelVendor, 0x56a0, "Arc A770"},
    {kIntelVendor, 0x56a1, "Arc A750"},
    {kIntelVendor, 0x56a5, "Arc A380"},
    {kIntelVendor, 0xe20b, "Arc B580"},
    {kIntelVendor, 0x46a6, "Iris Xe Graphics"},
    {kIntelVendor, 0x9a49, "Iris Xe Graphics"},
}};

/// The four digits that a line begins with, after `tabs`.
std::optional<unsigned> idAt(std::string_view line, std::size_t tabs) {
  if (line.size() < tabs + 6 || line.substr(0, tabs) != std::string_view("\t\t", tabs)) return std::nullopt;
  unsigned id = 0;
  const char* first = line.data() + tabs;
  const auto [end, error] = std::from_chars(first, first + 4, id, 16);
  return error == std::errc() && end == first + 4 && line.substr(tabs + 4, 2) == "  " ? std::optional(id)
                                                                                      : std::nullopt;
}

std::string_view makerOf(unsigned vendor) {
  if (vendor == kNvidiaVendor) return "NVIDIA";
  if (vendor == kAmdVendor) return "AMD";
  return vendor == kIntelVendor ? "Intel" : "GPU";
}

std::string nameInSystemsList(const PciCard& card, const std::filesystem::path& root) {
  constexpr std::size_t kLongestList = 8 << 20;
  for (const char* file : {"usr/share/hwdata/pci.ids", "usr/share/misc/pci.ids"}) {
    std::string name = nameInPciIds(textOf(root / file, kLongestList), card.vendor, card.device);
    if (!name.empty()) return name;
  }
  return {};
}

}  // namespace

std::string nameInPciIds(std::string_view list, unsigned vendor, unsigned device) {
  constexpr std::size_t kLongestName = 100;
  bool isVendors = false;
  while (!list.empty()) {
    const std::string_view line = list.substr(0, list.find('\n'));
    list.remove_prefix(std::min(line.size() + 1, list.size()));
    if (line.empty() || line.front() == '#') continue;
    if (line.front() != '\t') {
      if (isVendors) return {};
      isVendors = idAt(line, 0) == vendor;
    } else if (isVendors && idAt(line, 1) == device) {
      return std::string(line.substr(7, kLongestName));
    }
  }
  return {};
}

std::string gpuName(const PciCard& card, const std::filesystem::path& root) {
  const std::string maker(makerOf(card.vendor));
  if (const std::string name = nameInSystemsList(card, root); !name.empty()) return maker + " " + name;
  for (const KnownGpu& known : kKnownGpus) {
    if (known.vendor == card.vendor && known.device == card.device) return maker + " " + known.name;
  }
  return maker + " " + pciIdText(card);
}

}  // namespace studio::engine
