#include "engine/device/local_hardware_survey.h"

#include "engine/device/amd/amd_gpus.h"
#include "engine/device/busy_programs.h"
#include "engine/device/cpu_profile.h"
#include "engine/device/disk_profile.h"
#include "engine/device/drm_clients.h"
#include "engine/device/nvidia/nvidia_gpus.h"
#include "engine/device/pci_bus.h"
#include "engine/device/pci_gpu.h"
#include "engine/device/time_limit.h"
#include "engine/device/tool_checks.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <thread>

#include <unistd.h>

namespace studio::engine {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMostPrograms = 20;
constexpr Bytes kLeastMemory{64 << 20};

using Clients = std::map<std::string, std::vector<GpuProcess>>;

bool hasAny(const std::vector<PciCard>& bus, unsigned vendor) {
  return std::any_of(bus.begin(), bus.end(), [&](const PciCard& card) { return card.vendor == vendor; });
}

/// Those of all makers but NVIDIA. Who uses them takes a look at every open file of the machine.
std::vector<GpuProfile> otherGpus(const std::vector<PciCard>& bus, const HardwareSource& source) {
  const bool tellsUsers = hasAny(bus, kAmdVendor) || hasAny(bus, kIntelVendor);
  const Clients clients = tellsUsers ? drmProcesses(source.root) : Clients();
  std::vector<GpuProfile> gpus = amdGpus(bus, clients, source);
  for (const PciCard& card : bus) {
    if (card.vendor == kNvidiaVendor || card.vendor == kAmdVendor) continue;
    const auto used = clients.find(card.address);
    gpus.push_back(foreignGpu(card, used == clients.end() ? std::vector<GpuProcess>() : used->second, source.root));
  }
  return gpus;
}

/// A disk behind a network may not answer; then only its folder is known.
std::vector<DiskProfile> disksOf(const std::vector<std::filesystem::path>& folders, const HardwareSource& source) {
  const auto end = Clock::now() + source.limit;
  std::vector<TimedWork<DiskProfile>> work;
  work.reserve(folders.size());
  for (const std::filesystem::path& folder : folders)
    work.emplace_back([folder, source] { return diskProfile(folder, source); });
  std::vector<DiskProfile> disks;
  for (std::size_t i = 0; i < folders.size(); ++i)
    disks.push_back(work[i].resultBy(end).value_or(DiskProfile{.folder = folders[i]}));
  return disks;
}

}  // namespace

std::vector<GpuProfile> gpuProfiles(const std::vector<PciCard>& bus, const HardwareSource& source) {
  const auto end = Clock::now() + source.limit;
  TimedWork<std::vector<GpuProfile>> others([bus, source] { return otherGpus(bus, source); });
  std::vector<GpuProfile> gpus = nvidiaGpus(bus, source);
  for (GpuProfile& gpu : others.resultBy(end).value_or(std::vector<GpuProfile>())) gpus.push_back(std::move(gpu));
  return gpus;
}

HardwareProfile LocalHardwareSurvey::look(const std::vector<std::filesystem::path>& folders) const {
  const ProgramSample before = sampleOfPrograms(source_.root);
  const auto start = Clock::now();
  HardwareProfile profile;
  profile.gpus = gpuProfiles(pciCards(source_.root), source_);
  profile.cpu = cpuProfile(source_.root);
  profile.memory = memoryProfile(source_.root);
  profile.disks = disksOf(folders, source_);
  profile.checks = hardwareChecks(profile.gpus, source_);
  profile.variables = gpuVariables(source_);
  std::this_thread::sleep_until(start + source_.sampling);
  const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
  profile.programs = busyPrograms(before, sampleOfPrograms(source_.root),
                                  seconds * static_cast<double>(::sysconf(_SC_CLK_TCK)), kLeastMemory, kMostPrograms);
  return profile;
}

}  // namespace studio::engine
