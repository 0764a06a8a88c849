#include "engine/device/pci_gpu.h"

#include "engine/device/drm_card.h"
#include "engine/device/gpu_names.h"
#include "engine/device/pcie_link.h"
#include "engine/device/process_names.h"

#include <algorithm>
#include <map>
#include <utility>

#include <unistd.h>

namespace studio::engine {
namespace {

GpuVendor vendorOf(const PciCard& card) {
  if (card.vendor == kNvidiaVendor) return GpuVendor::Nvidia;
  if (card.vendor == kAmdVendor) return GpuVendor::Amd;
  return card.vendor == kIntelVendor ? GpuVendor::Intel : GpuVendor::Other;
}

/// Intel's processors have theirs at this address always.
bool isInProcessor(const PciCard& card) { return card.vendor == kIntelVendor && card.address == "0000:00:02.0"; }

}  // namespace

bool mayCompute(const PciCard& card) { return vendorOf(card) != GpuVendor::Other && !isInProcessor(card); }

GpuProfile pciGpu(const PciCard& card, const std::filesystem::path& root) {
  const std::filesystem::path folder = root / "sys/bus/pci/devices" / card.address;
  const PciePath path = pciePath(folder);
  const DrmCard drm = drmCard(folder);
  GpuProfile gpu;
  gpu.vendor = vendorOf(card);
  gpu.pciAddress = card.address;
  gpu.pciIds = pciIdText(card);
  gpu.driver = card.driver;
  gpu.sharesMemory = isInProcessor(card);
  gpu.drivesDisplay = drm.drivesDisplay;
  gpu.linkNow = path.now;
  gpu.linkMost = path.most;
  gpu.powerLimit = drm.powerLimit;
  gpu.device.id = "pci:" + card.address;
  gpu.device.kind = "gpu";
  gpu.device.name = gpuName(card, root);
  gpu.device.totalMemory = drm.total;
  gpu.device.freeMemory = {drm.total.count - drm.used.count};
  if (!card.driver.empty()) gpu.device.features.push_back("driver " + card.driver);
  return gpu;
}

std::vector<ProgramMemory> programsFrom(const std::vector<GpuProcess>& processes, const std::filesystem::path& root) {
  const auto self = static_cast<unsigned>(::getpid());
  std::map<std::string, Bytes> held;
  for (const GpuProcess& process : processes) {
    if (process.id != self) held[processName(process.id, root)].count += process.memory.count;
  }
  std::vector<ProgramMemory> programs;
  programs.reserve(held.size());
  for (const auto& [name, bytes] : held) programs.push_back({name, bytes});
  std::stable_sort(programs.begin(), programs.end(),
                   [](const ProgramMemory& a, const ProgramMemory& b) { return a.bytes > b.bytes; });
  return programs;
}

GpuProfile foreignGpu(const PciCard& card, const std::vector<GpuProcess>& processes,
                      const std::filesystem::path& root) {
  GpuProfile gpu = pciGpu(card, root);
  gpu.device.programs = programsFrom(processes, root);
  gpu.device.obstacle = DeviceObstacle::NoBackEnd;
  gpu.device.reason = sentence("No version of the program has a back end for it.");
  return gpu;
}

}  // namespace studio::engine
