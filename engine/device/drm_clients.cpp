#include "engine/device/drm_clients.h"

#include "engine/device/process_names.h"
#include "engine/device/system_file.h"

#include <algorithm>
#include <set>
#include <system_error>
#include <utility>

namespace studio::engine {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostProcesses = 20'000, kMostFiles = 4096;

/// "1234 KiB" in bytes.
Bytes bytesFrom(std::string_view value) {
  constexpr std::int64_t kMost = 1LL << 50;
  const auto number = numberFrom(value);
  if (!number || *number < 0 || *number > kMost) return {};
  int shift = 0;
  if (value.find("KiB") != std::string_view::npos) shift = 10;
  if (value.find("MiB") != std::string_view::npos) shift = 20;
  return {std::min(*number, kMost >> shift) << shift};
}

/// Whether a process has a card's file open; the links say so without a look at each file's state.
bool isOnCard(const fs::path& link) {
  std::error_code unknown;
  return fs::read_symlink(link, unknown).string().find("/dri/") != std::string::npos;
}

}  // namespace

DrmClient drmClientFrom(std::string_view text) {
  DrmClient client;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string_view key = line.substr(0, colon), value = line.substr(colon + 1);
    if (key == "drm-pdev") {
      const std::size_t first = value.find_first_not_of(" \t");
      client.pciAddress = first == std::string_view::npos ? "" : std::string(value.substr(first, 32));
    }
    if (key == "drm-client-id") client.id = numberFrom(value).value_or(-1);
    if (key == "drm-memory-vram" || key == "drm-resident-vram" || key == "drm-resident-vram0")
      client.memory = std::max(client.memory, bytesFrom(value));
  }
  return client;
}

std::map<std::string, std::vector<GpuProcess>> drmProcesses(const fs::path& root) {
  std::map<std::string, std::vector<GpuProcess>> cards;
  std::set<std::pair<std::string, std::int64_t>> seen;
  for (const fs::path& process : entriesOf(root / "proc", kMostProcesses)) {
    const auto id = numberFrom(process.filename().string());
    if (!id || *id <= 0) continue;
    for (const fs::path& file : entriesOf(process / "fd", kMostFiles)) {
      if (!isOnCard(file)) continue;
      const DrmClient client = drmClientFrom(textOf(process / "fdinfo" / file.filename(), 4096));
      if (client.pciAddress.empty() || !seen.emplace(client.pciAddress, client.id).second) continue;
      std::vector<GpuProcess>& list = cards[client.pciAddress];
      if (list.empty() || list.back().id != *id) list.push_back({static_cast<unsigned>(*id), {}});
      list.back().memory.count += client.memory.count;
    }
  }
  return cards;
}

}  // namespace studio::engine
