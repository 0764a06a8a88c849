#include "engine/device/host_memory.h"

#include <algorithm>
#include <fstream>
#include <locale>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>

namespace studio::engine {
namespace {

namespace fs = std::filesystem;

constexpr int kDeepestGroup = 64;

/// The number behind a word, as in "MemTotal:  123 kB" or "inactive_file 456".
std::optional<std::int64_t> numberBehind(const fs::path& path, std::string_view name) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with(name) || line.size() == name.size() || line[name.size()] != ' ') continue;
    try {
      return std::stoll(line.substr(name.size()));
    } catch (const std::exception&) {
      return std::nullopt;
    }
  }
  return std::nullopt;
}

/// A file that is one number; nothing for "max".
std::optional<std::int64_t> numberIn(const fs::path& path) {
  std::ifstream file(path);
  std::int64_t number = 0;
  if (file >> number && number >= 0) return number;
  return std::nullopt;
}

/// Out of "some avg10=0.12 avg60=…", as the kernel tells of stalls; 0 where it does not.
double stalledIn(const fs::path& path) {
  constexpr std::string_view kStart = "some avg10=";
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with(kStart)) continue;
    std::istringstream number(line.substr(kStart.size()));
    number.imbue(std::locale::classic());
    double percent = 0;
    return number >> percent ? percent : 0;
  }
  return 0;
}

/// How the two versions name the same things.
struct GroupFiles {
  const char* limit;
  const char* usage;
  const char* inactive;
  const char* active;
};
constexpr GroupFiles kVersion2{"memory.max", "memory.current", "inactive_file", "active_file"};
constexpr GroupFiles kVersion1{"memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file",
                               "total_active_file"};

/// One group's limit, and what is left of it. Caches of files are given back before the limit counts.
void apply(const fs::path& group, const GroupFiles& files, HostMemory& memory) {
  memory.stalled = std::max(memory.stalled, stalledIn(group / "memory.pressure"));
  const auto limit = numberIn(group / files.limit);
  if (!limit) return;
  memory.total.count = std::min(memory.total.count, *limit);
  const fs::path statistics = group / "memory.stat";
  const std::int64_t caches =
      numberBehind(statistics, files.inactive).value_or(0) + numberBehind(statistics, files.active).value_or(0);
  const std::int64_t used = numberIn(group / files.usage).value_or(0) - caches;
  memory.available.count = std::min(memory.available.count, std::max<std::int64_t>(*limit - used, 0));
}

/// The group and those around it; limits hold at every level.
void applyGroups(const fs::path& mount, const std::string& group, const GroupFiles& files, HostMemory& memory) {
  std::string inner = group;
  for (int level = 0; level < kDeepestGroup; ++level) {
    apply(mount / fs::path(inner).relative_path(), files, memory);
    const std::size_t slash = inner.rfind('/');
    if (slash == std::string::npos || inner == "/") return;
    inner.resize(std::max<std::size_t>(slash, 1));
  }
}

}  // namespace

HostMemory hostMemory(const fs::path& root) {
  constexpr std::int64_t kKibi = 1024;
  const fs::path info = root / "proc/meminfo";
  HostMemory memory{{numberBehind(info, "MemTotal:").value_or(0) * kKibi},
                    {numberBehind(info, "MemAvailable:").value_or(0) * kKibi},
                    stalledIn(root / "proc/pressure/memory")};
  std::ifstream groups(root / "proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {  // "0::/a/b", or "5:memory:/a/b" of version 1
    const std::size_t first = line.find(':'), second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1), group = line.substr(second + 1);
    if (controllers.empty()) applyGroups(root / "sys/fs/cgroup", group, kVersion2, memory);
    if (controllers == "memory") applyGroups(root / "sys/fs/cgroup/memory", group, kVersion1, memory);
  }
  return memory;
}

Bytes hostMargin(const HostMemory& host) {
  constexpr std::int64_t kLeast = 256 << 20, kPercent = 3;
  return {std::max(kLeast, host.total.count / 100 * kPercent)};
}

}  // namespace studio::engine
