#include "engine/device/local_device_catalog.h"

#include "engine/device/nvidia_management.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

#include <sched.h>

namespace studio::engine {
namespace {

/// The value behind "<name> :" in /proc/cpuinfo's first entry.
std::string cpuInfo(const std::string& name) {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line) && !line.empty();) {
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos || line.compare(0, name.size(), name) != 0) continue;
    return colon + 2 <= line.size() ? line.substr(colon + 2) : std::string();
  }
  return {};
}

Bytes memoryInfo(const std::string& name) {
  std::ifstream file("/proc/meminfo");
  for (std::string word; file >> word;) {
    std::int64_t kibibytes = 0;
    if (word == name + ":" && file >> kibibytes) return Bytes{kibibytes * 1024};
  }
  return {};
}

/// Memory limit of this process's control group (version 2), when one is set below the machine's.
Bytes limitedBy(const char* file, Bytes machine) {
  std::ifstream limit(file);
  std::int64_t bytes = 0;
  return limit >> bytes && bytes > 0 ? Bytes{std::min(bytes, machine.count)} : machine;
}

int usableProcessors() {
  cpu_set_t set;
  CPU_ZERO(&set);
  return sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set) : 1;
}

std::vector<std::string> cpuFeatures() {
  static constexpr std::array<std::string_view, 9> kInteresting{
      "sse4_2", "avx2", "fma", "avx512f", "avx512_vnni", "avx512_bf16", "avx512_fp16", "amx_bf16", "amx_int8"};
  std::istringstream flags(cpuInfo("flags"));
  std::vector<std::string> found;
  for (std::string flag; flags >> flag;) {
    if (std::find(kInteresting.begin(), kInteresting.end(), flag) != kInteresting.end()) found.push_back(flag);
  }
  return found;
}

DeviceInfo cpu() {
  DeviceInfo info;
  info.id = info.kind = "cpu";
  info.name = cpuInfo("model name");
  info.totalMemory = limitedBy("/sys/fs/cgroup/memory.max", memoryInfo("MemTotal"));
  info.freeMemory = Bytes{std::min(memoryInfo("MemAvailable").count, info.totalMemory.count)};
  info.threads = usableProcessors();
  info.features = cpuFeatures();
  info.usable = true;
  return info;
}

}  // namespace

std::vector<DeviceInfo> LocalDeviceCatalog::devices() const {
  std::vector<DeviceInfo> all{cpu()};
  for (DeviceInfo& gpu : nvidiaDevices()) all.push_back(std::move(gpu));
  return all;
}

}  // namespace studio::engine
