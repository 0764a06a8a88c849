#include "engine/device/drm_card.h"

#include "engine/device/system_file.h"

#include <algorithm>

namespace studio::engine {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostEntries = 64;

/// Whether one of the card's connectors has a picture on it.
bool showsAnything(const fs::path& node) {
  for (const fs::path& connector : entriesOf(node, kMostEntries)) {
    if (!connector.filename().string().starts_with("card")) continue;
    if (lineOf(connector / "enabled") == "enabled") return true;
  }
  return false;
}

Watts powerLimitOf(const fs::path& card) {
  for (const fs::path& sensor : entriesOf(card / "hwmon", kMostEntries)) {
    for (const char* file : {"power1_cap", "power1_max"}) {
      constexpr std::int64_t kMost = 5'000'000'000;  // microwatts
      const auto limit = numberOf(sensor / file);
      if (limit && *limit > 0 && *limit < kMost) return {static_cast<double>(*limit) / 1e6};
    }
  }
  return {};
}

Bytes bytesOf(const fs::path& file) {
  constexpr std::int64_t kMost = 1LL << 50;
  return {std::min(numberOf(file).value_or(0), kMost)};
}

}  // namespace

DrmCard drmCard(const fs::path& card) {
  DrmCard found;
  found.total = bytesOf(card / "mem_info_vram_total");
  found.used = std::min(found.total, bytesOf(card / "mem_info_vram_used"));
  found.powerLimit = powerLimitOf(card);
  for (const fs::path& node : entriesOf(card / "drm", kMostEntries)) {
    const std::string name = node.filename().string();
    if (name.starts_with("renderD")) found.renderNode = name;
    if (!name.starts_with("card")) continue;
    found.drivesDisplay = found.drivesDisplay.value_or(false) || showsAnything(node);
    const Bytes local = bytesOf(node / "lmem_total_bytes");
    if (local.count == 0) continue;
    found.total = local;
    found.used = {local.count - std::min(local, bytesOf(node / "lmem_avail_bytes")).count};
  }
  return found;
}

}  // namespace studio::engine
