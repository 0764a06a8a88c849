#include "engine/device/local_device_catalog.h"

#include "engine/device/host_memory.h"
#include "engine/device/nvidia/nvidia_devices.h"
#include "engine/device/system_file.h"

#include <algorithm>
#include <array>
#include <sstream>
#include <string>
#include <string_view>

#include <sched.h>

namespace studio::engine {
namespace {

/// The value behind "<name> :" in /proc/cpuinfo's first entry.
std::string cpuInfo(const std::filesystem::path& root, const std::string& name) {
  std::istringstream text(textOf(root / "proc/cpuinfo"));
  for (std::string line; std::getline(text, line) && !line.empty();) {
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos || line.compare(0, name.size(), name) != 0) continue;
    return colon + 2 <= line.size() ? line.substr(colon + 2) : std::string();
  }
  return {};
}

int usableProcessors() {
  cpu_set_t set;
  CPU_ZERO(&set);
  return sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set) : 1;
}

std::vector<std::string> cpuFeatures(const std::filesystem::path& root) {
  static constexpr std::array<std::string_view, 9> kInteresting{
      "sse4_2", "avx2", "fma", "avx512f", "avx512_vnni", "avx512_bf16", "avx512_fp16", "amx_bf16", "amx_int8"};
  std::istringstream flags(cpuInfo(root, "flags"));
  std::vector<std::string> found;
  for (std::string flag; flags >> flag;) {
    if (std::find(kInteresting.begin(), kInteresting.end(), flag) != kInteresting.end()) found.push_back(flag);
  }
  return found;
}

DeviceInfo cpu(const std::filesystem::path& root) {
  DeviceInfo info;
  info.id = info.kind = "cpu";
  info.name = cpuInfo(root, "model name");
  const HostMemory memory = hostMemory(root);
  info.totalMemory = memory.total;
  info.freeMemory = memory.available;
  info.threads = usableProcessors();
  info.features = cpuFeatures(root);
  info.usable = true;
  return info;
}

}  // namespace

std::vector<DeviceInfo> LocalDeviceCatalog::devices() const {
  std::vector<DeviceInfo> all{cpu(source_.root)};
  for (DeviceInfo& gpu : nvidiaDevices(source_)) all.push_back(std::move(gpu));
  return all;
}

}  // namespace studio::engine
