#include "engine/device/pcie_link.h"

#include "engine/device/pci_bus.h"
#include "engine/device/system_file.h"

#include <algorithm>
#include <array>
#include <system_error>
#include <utility>
#include <vector>

namespace studio::engine {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostDevices = 16;
constexpr int kMostLanes = 32;

/// Megabytes per second of one lane and one direction, for comparing.
int rateOf(const PcieLink& link) {
  constexpr std::array<int, 8> kRates{0, 250, 500, 985, 1969, 3938, 7563, 15125};
  return kRates[static_cast<std::size_t>(link.generation)] * link.lanes;
}

PcieLink linkOf(const fs::path& device, const std::string& prefix) {
  const auto lanes = numberOf(device / (prefix + "_link_width"));
  const bool isSane = lanes && *lanes > 0 && *lanes <= kMostLanes;
  const PcieLink link{pcieGeneration(lineOf(device / (prefix + "_link_speed"))), isSane ? static_cast<int>(*lanes) : 0};
  return rateOf(link) > 0 ? link : PcieLink();
}

void takeSlower(const PcieLink& link, PcieLink& slowest) {
  if (rateOf(link) > 0 && (rateOf(slowest) == 0 || rateOf(link) < rateOf(slowest))) slowest = link;
}

}  // namespace

int pcieGeneration(std::string_view speed) {
  static constexpr std::array<std::pair<std::string_view, int>, 7> kSpeeds{
      {{"2.5 ", 1}, {"5", 2}, {"8", 3}, {"16", 4}, {"32", 5}, {"64", 6}, {"128", 7}}};
  for (const auto& [number, generation] : kSpeeds) {
    if (!speed.starts_with(number)) continue;
    const std::string_view rest = speed.substr(number.size());
    if (rest.starts_with("GT/s") || rest.starts_with(" GT/s") || rest.starts_with(".0 GT/s")) return generation;
  }
  return 0;
}

PciePath pciePath(const fs::path& card) {
  std::error_code unknown;
  fs::path device = fs::canonical(card, unknown);
  std::vector<fs::path> way;  // from the card to the processor
  for (; !unknown && way.size() < kMostDevices && !lineOf(device / "vendor").empty(); device = device.parent_path())
    way.push_back(device);
  constexpr std::size_t kInsideIntels = 2, kWithSwitch = 4;
  const bool hasIntelsSwitch = way.size() >= kWithSwitch && hexadecimalIn(way.front() / "vendor") == kIntelVendor;
  PciePath path;
  for (std::size_t i = hasIntelsSwitch ? kInsideIntels : 0; i < way.size(); ++i) {
    takeSlower(linkOf(way[i], "current"), path.now);
    takeSlower(linkOf(way[i], "max"), path.most);
  }
  return path;
}

}  // namespace studio::engine
