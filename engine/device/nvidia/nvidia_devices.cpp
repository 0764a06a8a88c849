#include "engine/device/nvidia/nvidia_devices.h"

#include "engine/device/nvidia/nvidia_diagnosis.h"
#include "engine/device/nvidia/nvidia_system.h"
#include "engine/device/pci_bus.h"
#include "engine/device/process_names.h"
#include "engine/device/time_limit.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include <unistd.h>

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

/// The other processes of each name together, the largest first; those that the driver says nothing of come last.
std::vector<ProgramMemory> programsOf(const NvidiaCard& card, const std::filesystem::path& root) {
  const auto self = static_cast<unsigned>(::getpid());
  std::map<std::string, Bytes> held;
  for (const NvidiaProcess& process : card.processes) {
    if (process.id == self) continue;
    held[processName(process.id, root)].count += process.memory.value_or(Bytes()).count;
  }
  std::vector<ProgramMemory> programs;
  programs.reserve(held.size());
  for (const auto& [name, bytes] : held) programs.push_back({name, bytes});
  std::stable_sort(programs.begin(), programs.end(),
                   [](const ProgramMemory& a, const ProgramMemory& b) { return a.bytes > b.bytes; });
  return programs;
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

void setObstacle(const Obstacle& obstacle, DeviceInfo& info) {
  info.usable = false;
  info.obstacle = obstacle.kind;
  info.reason = obstacle.reason;
}

DeviceInfo describe(const NvidiaCard& card, int instances, const Answers& answers, const HardwareSource& source) {
  const std::optional<std::string> visible = source.variable("CUDA_VISIBLE_DEVICES");
  DeviceInfo info;
  info.kind = "gpu";
  info.name = card.name;
  info.uuid = card.uuid;
  info.totalMemory = card.total;
  info.freeMemory = card.free;
  info.programs = programsOf(card, source.root);
  addFeatures(card, answers.system, visible, info);
  const bool isOnlyOne = answers.system.cards.size() == 1 && !visible;
  info.id = cudaName(card, answers.order, isOnlyOne);
  info.usable = true;
  if (const auto obstacle = obstacleOf(card, instances, answers.system, builtBackEnd())) {
    setObstacle(*obstacle, info);
  } else if (info.id.empty()) {
    setObstacle(obstacleOfHiddenCard(visible), info);
  }
  if (info.id.empty()) info.id = card.uuid.empty() ? "nvidia:" + card.pciAddress : card.uuid;
  return info;
}

int instancesOf(const NvidiaCard& card, const std::vector<NvidiaCard>& cards) {
  return static_cast<int>(std::count_if(cards.begin(), cards.end(), [&](const NvidiaCard& other) {
    return other.isInstance && other.pciAddress == card.pciAddress;
  }));
}

/// What stands on the bus where the driver tells of no card.
std::vector<DeviceInfo> silentCards(const NvidiaSystem& system, const HardwareSource& source) {
  std::vector<DeviceInfo> devices;
  for (const PciCard& card : pciCards(source.root)) {
    if (card.vendor != kNvidiaVendor) continue;
    DeviceInfo info;
    info.id = "pci:" + card.address;
    info.kind = "gpu";
    info.name = "NVIDIA " + pciIdText(card);
    if (!card.driver.empty()) info.features.push_back("driver " + card.driver);
    setObstacle(obstacleOfSilentCard(system), info);
    devices.push_back(std::move(info));
  }
  return devices;
}

}  // namespace

std::vector<DeviceInfo> nvidiaDevices(const HardwareSource& source) {
  const Answers answers = askLibraries(source);
  const std::vector<NvidiaCard>& cards = answers.system.cards;
  if (cards.empty()) return silentCards(answers.system, source);
  std::vector<DeviceInfo> devices;
  devices.reserve(cards.size());
  for (const NvidiaCard& card : cards)
    devices.push_back(describe(card, card.isSplit ? instancesOf(card, cards) : 0, answers, source));
  return devices;
}

}  // namespace studio::engine
