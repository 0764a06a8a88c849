// What the kernel's files and lists of PCI ids may say. The first byte chooses: one of the small parsers, or a whole
// file below a folder that stands for "/".

#include "engine/device/amd/amd_gpus.h"
#include "engine/device/amd/kfd_topology.h"
#include "engine/device/busy_programs.h"
#include "engine/device/cpu_profile.h"
#include "engine/device/disk_profile.h"
#include "engine/device/drm_clients.h"
#include "engine/device/gpu_names.h"
#include "engine/device/nvidia/nvidia_system.h"
#include "engine/device/pcie_link.h"
#include "engine/device/system_file.h"
#include "engine/device/tool_checks.h"

#include <array>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include <unistd.h>

namespace {

using namespace studio::engine;
namespace fs = std::filesystem;

constexpr std::array<const char*, 4> kFiles{"proc/cpuinfo", "proc/meminfo", "proc/self/cgroup", "proc/self/mountinfo"};

void require(bool holds) {
  if (!holds) std::abort();
}

/// In memory where the system has such a folder; gone at the end.
struct Root {
  Root() {
    const fs::path memory = "/dev/shm";
    path = (fs::exists(memory) ? memory : fs::temp_directory_path()) /
           ("hardware_files_fuzz." + std::to_string(::getpid()));
    fs::create_directories(path / "proc/self");
  }
  ~Root() { fs::remove_all(path); }
  fs::path path;
};

void parseText(std::string_view text) {
  numberFrom(text);
  require(pcieGeneration(text) >= 0 && pcieGeneration(text) <= 7);
  require(ticksFrom(text) >= 0);
  require(drmClientFrom(text).memory.count >= 0);
  kfdNodeFrom(text);
  require(nameInPciIds(text, kAmdVendor, 0x73df).size() <= 100);
  require(uuidDigits(std::string(text)).size() <= text.size());
  for (const Mount& mount : mountsFrom(text)) require(!mount.source.empty());
  if (const auto nodes = visibleNodes(4, std::string(text), std::nullopt)) {
    for (const int node : *nodes) require(node >= 0 && node < 4);
  }
}

void readFile(const char* file, std::string_view text) {
  static const Root root;
  for (const char* other : kFiles) fs::remove(root.path / other);
  std::ofstream(root.path / file, std::ios::binary) << text;
  const MemoryProfile memory = memoryProfile(root.path);
  require(memory.total.count >= 0 && memory.available <= memory.total && memory.freeSwap <= memory.swap);
  const CpuProfile cpu = cpuProfile(root.path);
  require(cpu.cores >= 0 && cpu.threads >= 0);
  HardwareSource source;
  source.root = root.path;
  source.space = [](const fs::path&) { return std::optional<DiskSpace>(); };
  diskProfile("/a folder/models", source);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] >= '0' && data[0] < '0' + static_cast<int>(kFiles.size())) {
    readFile(kFiles[static_cast<std::size_t>(data[0] - '0')], text);
  } else {
    parseText(text);
  }
  return 0;
}
