#include "engine/device/amd/kfd_topology.h"

#include "engine/device/system_file.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>

namespace studio::engine {
namespace {

namespace fs = std::filesystem;

using Properties = std::map<std::string, std::int64_t, std::less<>>;

/// Lines of a word and a number.
Properties propertiesFrom(std::string_view text) {
  Properties properties;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const std::size_t blank = line.find(' ');
    if (blank == std::string_view::npos) continue;
    const auto number = numberFrom(line.substr(blank));
    if (number && *number >= 0) properties.emplace(line.substr(0, blank), *number);
  }
  return properties;
}

std::int64_t valueOf(const Properties& properties, std::string_view name) {
  const auto found = properties.find(name);
  return found == properties.end() ? 0 : found->second;
}

/// 100301 is gfx1031: main version, two digits of the minor one, and two of the stepping, which names write in base 16.
std::string targetText(std::int64_t version) {
  if (version <= 0 || version >= 1'000'000) return {};
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "gfx%d%x%x", static_cast<int>(version / 10000),
                static_cast<unsigned>(version / 100 % 100), static_cast<unsigned>(version % 100));
  return text.data();
}

std::string addressText(std::int64_t domain, std::int64_t location) {
  std::array<char, 48> text{};
  const auto place = static_cast<unsigned>(location & 0xffff);
  std::snprintf(text.data(), text.size(), "%04x:%02x:%02x.%x", static_cast<unsigned>(domain & 0xffffffff), place >> 8,
                place >> 3 & 0x1f, place & 7);
  return text.data();
}

Bytes memoryOf(const fs::path& node) {
  constexpr std::int64_t kMost = 1LL << 50, kPublicHeap = 1, kPrivateHeap = 2;  // the card's own, by heap_type
  std::int64_t sum = 0;
  for (const fs::path& bank : entriesOf(node / "mem_banks", 64)) {
    const Properties properties = propertiesFrom(textOf(bank / "properties", 4096));
    const std::int64_t heap = valueOf(properties, "heap_type");
    if (heap == kPublicHeap || heap == kPrivateHeap) sum += std::min(valueOf(properties, "size_in_bytes"), kMost / 64);
  }
  return {sum};
}

}  // namespace

KfdNode kfdNodeFrom(std::string_view text) {
  const Properties properties = propertiesFrom(text);
  KfdNode node;
  if (valueOf(properties, "simd_count") == 0) return node;
  node.target = targetText(valueOf(properties, "gfx_target_version"));
  node.pciAddress = addressText(valueOf(properties, "domain"), valueOf(properties, "location_id"));
  return node;
}

std::vector<KfdNode> kfdNodes(const fs::path& root) {
  std::vector<fs::path> folders = entriesOf(root / "sys/class/kfd/kfd/topology/nodes", 256);
  const auto numberOfNode = [](const fs::path& folder) { return numberFrom(folder.filename().string()).value_or(-1); };
  std::stable_sort(folders.begin(), folders.end(),
                   [&](const fs::path& a, const fs::path& b) { return numberOfNode(a) < numberOfNode(b); });
  std::vector<KfdNode> nodes;
  for (const fs::path& folder : folders) {
    KfdNode node = kfdNodeFrom(textOf(folder / "properties", 16 << 10));
    if (node.target.empty()) continue;
    node.memory = memoryOf(folder);
    nodes.push_back(std::move(node));
  }
  return nodes;
}

bool sharesCodeOfGfx1030(std::string_view target) {
  return target.starts_with("gfx103") && target.size() == 7 && target != "gfx1030";
}

}  // namespace studio::engine
