#include "engine/device/nvidia/nvidia_gpus.h"

#include "engine/device/nvidia/nvidia_diagnosis.h"
#include "engine/device/nvidia/nvidia_system.h"
#include "engine/device/pci_gpu.h"
#include "engine/device/time_limit.h"

#include <algorithm>
#include <string>
#include <utility>

namespace studio::engine {
namespace {

using CudaOrder = std::vector<std::string>;  // of UUIDs

struct Answers {
  NvidiaSystem system;
  std::optional<CudaOrder> order;
};

/// Both libraries at once: each may take a while to wake a card.
Answers askLibraries(const HardwareSource& source) {
  const auto end = std::chrono::steady_clock::now() + source.limit;
  TimedWork<NvidiaSystem> system([library = source.nvml] { return readNvidiaSystem(library); });
  TimedWork<std::optional<CudaOrder>> order([library = source.cuda] { return readCudaOrder(library); });
  Answers answers;
  answers.system = system.resultBy(end).value_or(NvidiaSystem{.answer = NvidiaAnswer::Silent});
  if (!answers.system.cards.empty()) answers.order = order.resultBy(end).value_or(std::nullopt);
  return answers;
}

std::vector<ProgramMemory> programsOf(const NvidiaCard& card, const std::filesystem::path& root) {
  std::vector<GpuProcess> processes;
  processes.reserve(card.processes.size());
  for (const NvidiaProcess& process : card.processes)
    processes.push_back({process.id, process.memory.value_or(Bytes())});
  return programsFrom(processes, root);
}

void addFeatures(const NvidiaCard& card, const NvidiaSystem& system, const std::optional<std::string>& visible,
                 DeviceInfo& info) {
  const auto version = [](int major, int minor) { return std::to_string(major) + "." + std::to_string(minor); };
  if (card.capability > 0) info.features.push_back("compute " + version(card.capability / 10, card.capability % 10));
  if (!system.driver.empty()) info.features.push_back("driver " + system.driver);
  if (system.cudaVersion > 0)
    info.features.push_back("CUDA " + version(system.cudaVersion / 1000, system.cudaVersion % 1000 / 10));
  if (card.isSplit || card.isInstance) info.features.emplace_back("MIG");
  if (visible) info.features.push_back("CUDA_VISIBLE_DEVICES=" + *visible);
}

/// CUDA's name of the card; empty where CUDA hides it or was not asked with success.
std::string cudaName(const NvidiaCard& card, const std::optional<CudaOrder>& order, bool isOnlyOne) {
  if (!order) return isOnlyOne ? "cuda:0" : "";
  const auto found = std::find(order->begin(), order->end(), uuidDigits(card.uuid));
  return found == order->end() ? "" : "cuda:" + std::to_string(found - order->begin());
}

void setDevice(const NvidiaCard& card, int instances, const Answers& answers, const HardwareSource& source,
               DeviceInfo& info) {
  const std::optional<std::string> visible = source.variable("CUDA_VISIBLE_DEVICES");
  info.kind = "gpu";
  info.name = card.name;
  info.uuid = card.uuid;
  info.totalMemory = card.total;
  info.freeMemory = card.free;
  info.programs = programsOf(card, source.root);
  addFeatures(card, answers.system, visible, info);
  const bool isOnlyOne = answers.system.cards.size() == 1 && !visible;
  if (source.backEnd != BackEnd::Rocm) info.id = cudaName(card, answers.order, isOnlyOne);  // there AMD's have them
  info.usable = true;
  if (const auto obstacle = obstacleOf(card, instances, answers.system, source.backEnd)) {
    setObstacle(*obstacle, info);
  } else if (info.id.empty()) {
    setObstacle(obstacleOfHiddenCard(visible), info);
  }
  if (info.id.empty()) info.id = card.uuid.empty() ? "nvidia:" + card.pciAddress : card.uuid;
}

GpuProfile describe(const NvidiaCard& card, int instances, const std::vector<PciCard>& bus, const Answers& answers,
                    const HardwareSource& source) {
  GpuProfile gpu;
  const auto place =
      std::find_if(bus.begin(), bus.end(), [&](const PciCard& each) { return each.address == card.pciAddress; });
  if (place != bus.end()) gpu = pciGpu(*place, source.root);
  gpu.vendor = GpuVendor::Nvidia;
  gpu.pciAddress = card.pciAddress;
  if (!answers.system.driver.empty()) gpu.driver = answers.system.driver;
  if (card.drivesDisplay) gpu.drivesDisplay = card.drivesDisplay;
  gpu.powerLimit = card.powerLimit;
  gpu.slowedBy = card.slowedBy;
  gpu.device = {};
  setDevice(card, instances, answers, source, gpu.device);
  if (card.capability > 0) gpu.architecture = gpu.device.features.front();
  return gpu;
}

int instancesOf(const NvidiaCard& card, const std::vector<NvidiaCard>& cards) {
  return static_cast<int>(std::count_if(cards.begin(), cards.end(), [&](const NvidiaCard& other) {
    return other.isInstance && other.pciAddress == card.pciAddress;
  }));
}

/// What stands on the bus where the driver tells of no card.
std::vector<GpuProfile> silentCards(const std::vector<PciCard>& bus, const NvidiaSystem& system,
                                    const std::filesystem::path& root) {
  std::vector<GpuProfile> gpus;
  for (const PciCard& card : bus) {
    if (card.vendor != kNvidiaVendor) continue;
    gpus.push_back(pciGpu(card, root));
    setObstacle(obstacleOfSilentCard(system), gpus.back().device);
  }
  return gpus;
}

}  // namespace

std::vector<GpuProfile> nvidiaGpus(const std::vector<PciCard>& bus, const HardwareSource& source) {
  const Answers answers = askLibraries(source);
  const std::vector<NvidiaCard>& cards = answers.system.cards;
  if (cards.empty()) return silentCards(bus, answers.system, source.root);
  std::vector<GpuProfile> gpus;
  gpus.reserve(cards.size());
  for (const NvidiaCard& card : cards)
    gpus.push_back(describe(card, card.isSplit ? instancesOf(card, cards) : 0, bus, answers, source));
  return gpus;
}

}  // namespace studio::engine
