#include "engine/device/cpu_profile.h"

#include "engine/device/host_memory.h"
#include "engine/device/system_file.h"

#include <algorithm>
#include <array>
#include <set>
#include <sstream>
#include <string_view>
#include <utility>

#include <sched.h>

namespace studio::engine {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestCpuInfo = 16 << 20;  // hundreds of processors, some kilobytes each

constexpr std::array<std::string_view, 14> kInstructionSets{
    "sse4_2",      "avx",      "avx2",     "fma",      "avx512f", "avx512_vnni", "avx512_bf16",
    "avx512_fp16", "avx_vnni", "amx_bf16", "amx_int8", "asimd",   "sve",         "bf16"};

struct CpuInfo {
  std::string name;
  std::set<std::string> flags;
  std::set<std::pair<std::string, std::string>> cores;  ///< package and core
  int threads = 0;
};

void readLine(std::string_view line, std::string& package, CpuInfo& info) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return;
  const std::string_view key = line.substr(0, line.find_last_not_of(" \t", colon == 0 ? 0 : colon - 1) + 1);
  const std::string value(line.substr(std::min(colon + 2, line.size())));
  if (key == "processor") ++info.threads;
  if (key == "model name" && info.name.empty()) info.name = value.substr(0, 128);
  if (key == "physical id") package = value;
  if (key == "core id") info.cores.emplace(package, value);
  if ((key != "flags" && key != "Features") || !info.flags.empty()) return;  // those of the first processor
  std::istringstream words(value);
  for (std::string flag; words >> flag;) {
    if (std::find(kInstructionSets.begin(), kInstructionSets.end(), flag) != kInstructionSets.end())
      info.flags.insert(flag);
  }
}

CpuInfo cpuInfo(const fs::path& root) {
  CpuInfo info;
  std::string package;
  std::istringstream text(textOf(root / "proc/cpuinfo", kLongestCpuInfo));
  for (std::string line; std::getline(text, line);) readLine(line, package, info);
  return info;
}

int usableProcessors() {
  cpu_set_t set;
  CPU_ZERO(&set);
  return sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set) : 1;
}

/// "MemTotal:   123 kB" in bytes.
Bytes valueIn(std::string_view meminfo, std::string_view name) {
  constexpr std::int64_t kMost = 1LL << 40;  // kibibytes
  const std::size_t start = meminfo.find(name);
  if (start == std::string_view::npos) return {};
  const std::string_view line = meminfo.substr(start + name.size());
  const auto number = numberFrom(line.substr(0, line.find('\n')));
  return {number && *number > 0 ? std::min(*number, kMost) * 1024 : 0};
}

Bytes zramSize(const fs::path& root) {
  std::int64_t sum = 0;
  for (const fs::path& disk : entriesOf(root / "sys/block", 1024)) {
    if (disk.filename().string().starts_with("zram"))
      sum += std::min<std::int64_t>(numberOf(disk / "disksize").value_or(0), 1LL << 50);
  }
  return {sum};
}

}  // namespace

CpuProfile cpuProfile(const fs::path& root) {
  const CpuInfo info = cpuInfo(root);
  CpuProfile cpu;
  cpu.device.id = cpu.device.kind = "cpu";
  cpu.device.name = info.name;
  const HostMemory memory = hostMemory(root);
  cpu.device.totalMemory = memory.total;
  cpu.device.freeMemory = memory.available;
  cpu.device.threads = usableProcessors();
  cpu.device.usable = true;
  cpu.threads = info.threads;
  cpu.cores = info.cores.empty() ? info.threads : static_cast<int>(info.cores.size());
  for (const std::string_view set : kInstructionSets) {
    if (info.flags.contains(std::string(set))) cpu.device.features.emplace_back(set);
  }
  for (const fs::path& node : entriesOf(root / "sys/devices/system/node", 4096)) {
    const std::string name = node.filename().string();
    if (name.starts_with("node") && numberFrom(name.substr(4))) ++cpu.numaNodes;
  }
  return cpu;
}

MemoryProfile memoryProfile(const fs::path& root) {
  const HostMemory usable = hostMemory(root);
  const std::string meminfo = "\n" + textOf(root / "proc/meminfo");
  MemoryProfile memory;
  memory.machine = valueIn(meminfo, "\nMemTotal:");
  memory.total = {std::max<std::int64_t>(0, usable.total.count)};
  memory.available = {std::clamp<std::int64_t>(usable.available.count, 0, memory.total.count)};
  memory.isLimited = memory.total < memory.machine;
  memory.swap = valueIn(meminfo, "\nSwapTotal:");
  memory.freeSwap = std::min(memory.swap, valueIn(meminfo, "\nSwapFree:"));
  memory.zram = std::min(memory.swap, zramSize(root));
  return memory;
}

}  // namespace studio::engine
