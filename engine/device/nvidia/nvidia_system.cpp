#include "engine/device/nvidia/nvidia_system.h"

#include "engine/device/nvidia/nvml_library.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <limits>

namespace studio::engine {
namespace {

constexpr unsigned kMostCards = 64, kMostInstances = 16, kMostProcesses = 4096;
constexpr unsigned long long kNotTold = std::numeric_limits<unsigned long long>::max();

NvidiaAnswer answerOf(int result) {
  switch (result) {
    case kNvmlDone:
      return NvidiaAnswer::Told;
    case kNvmlNoDriver:
      return NvidiaAnswer::NoDriver;
    case kNvmlMismatch:
      return NvidiaAnswer::Mismatch;
    case kNvmlNoPermission:
      return NvidiaAnswer::NoPermission;
    case kNvmlLost:
      return NvidiaAnswer::Lost;
    default:
      return NvidiaAnswer::Failed;
  }
}

/// Never negative and never absurd, whatever the library says.
Bytes bytesFrom(unsigned long long count) {
  constexpr unsigned long long kMost = 1ULL << 50;
  return {static_cast<std::int64_t>(std::min(count, kMost))};
}

template <class Function, class... Before>
std::string textFrom(Function* function, Before... before) {
  std::array<char, 128> text{};
  const bool told =
      function != nullptr && function(before..., text.data(), static_cast<unsigned>(text.size() - 1)) == kNvmlDone;
  return told ? std::string(text.data()) : std::string();
}

std::string pciAddress(const NvmlLibrary& nvml, NvmlDevice device) {
  NvmlPci pci{};
  if (nvml.pci == nullptr || nvml.pci(device, &pci) != kNvmlDone) return {};
  pci.busId[sizeof(pci.busId) - 1] = '\0';
  std::string address = pci.busId;  // "00000000:01:00.0"; the kernel writes four digits of the domain
  if (address.size() == 16 && address.starts_with("0000")) address.erase(0, 4);
  std::transform(address.begin(), address.end(), address.begin(), [](unsigned char c) { return std::tolower(c); });
  return address;
}

/// One of the process lists; a process may be in both.
template <class Entry>
void addProcesses(int (*list)(NvmlDevice, unsigned*, Entry*), NvmlDevice device, std::vector<NvidiaProcess>& found) {
  std::vector<Entry> entries(64);
  auto count = static_cast<unsigned>(entries.size());
  int result = list(device, &count, entries.data());
  if (result == kNvmlTooSmall && count > entries.size()) {
    count = std::min(count + 64, kMostProcesses);
    entries.resize(count);
    result = list(device, &count, entries.data());
  }
  if (result != kNvmlDone) return;
  entries.resize(std::min<std::size_t>(count, entries.size()));
  for (const Entry& entry : entries) {
    const bool known =
        std::any_of(found.begin(), found.end(), [&](const NvidiaProcess& process) { return process.id == entry.id; });
    if (known) continue;
    found.push_back({entry.id, std::nullopt});
    if (entry.memory != kNotTold) found.back().memory = bytesFrom(entry.memory);
  }
}

std::vector<NvidiaProcess> processesOn(const NvmlLibrary& nvml, NvmlDevice device) {
  std::vector<NvidiaProcess> found;
  for (const auto list : {nvml.graphicsProcesses, nvml.computeProcesses}) {
    if (list != nullptr) addProcesses(list, device, found);
  }
  if (nvml.computeProcesses != nullptr) return found;
  for (const auto list : {nvml.graphicsProcesses1, nvml.computeProcesses1}) {
    if (list != nullptr) addProcesses(list, device, found);
  }
  return found;
}

void addState(const NvmlLibrary& nvml, NvmlDevice device, NvidiaCard& card) {
  constexpr unsigned kMostMilliwatts = 5'000'000;
  unsigned number = 0;
  if (nvml.displayActive != nullptr && nvml.displayActive(device, &number) == kNvmlDone)
    card.drivesDisplay = number != 0;
  if (nvml.powerLimit != nullptr && nvml.powerLimit(device, &number) == kNvmlDone && number < kMostMilliwatts)
    card.powerLimit = {number / 1000.0};
  unsigned long long reasons = 0;
  if (nvml.clockReasons == nullptr || nvml.clockReasons(device, &reasons) != kNvmlDone) return;
  if ((reasons & kNvmlPowerCap) != 0) card.slowedBy.emplace_back("power");
  if ((reasons & kNvmlHeat) != 0) card.slowedBy.emplace_back("heat");
  if ((reasons & kNvmlPowerBrake) != 0) card.slowedBy.emplace_back("power supply");
  if (card.slowedBy.empty() && (reasons & kNvmlSlowdown) != 0) card.slowedBy.emplace_back("heat or power supply");
}

NvidiaCard describe(const NvmlLibrary& nvml, NvmlDevice device) {
  NvidiaCard card;
  card.name = textFrom(nvml.name, device);
  card.uuid = textFrom(nvml.uuid, device);
  card.pciAddress = pciAddress(nvml, device);
  NvmlMemory memory{};
  if (nvml.memory != nullptr && nvml.memory(device, &memory) == kNvmlDone) {
    card.total = bytesFrom(memory.total);
    card.free = std::min(card.total, bytesFrom(memory.free));
  }
  int major = 0, minor = 0;
  const bool told = nvml.capability != nullptr && nvml.capability(device, &major, &minor) == kNvmlDone;
  if (told && major > 0 && major < 100 && minor >= 0 && minor < 10) card.capability = major * 10 + minor;
  card.processes = processesOn(nvml, device);
  addState(nvml, device, card);
  return card;
}

/// The card, and after it the instances that it is split into.
void addCard(const NvmlLibrary& nvml, NvmlDevice device, std::vector<NvidiaCard>& cards) {
  cards.push_back(describe(nvml, device));
  unsigned mode = 0, later = 0;
  if (nvml.migMode == nullptr || nvml.migMode(device, &mode, &later) != kNvmlDone || mode == 0) return;
  cards.back().isSplit = true;
  const int capability = cards.back().capability;
  const std::string address = cards.back().pciAddress;
  unsigned most = 0;
  if (nvml.mostInstances == nullptr || nvml.instance == nullptr) return;
  if (nvml.mostInstances(device, &most) != kNvmlDone) return;
  for (unsigned i = 0; i < std::min(most, kMostInstances); ++i) {
    NvmlDevice part = nullptr;
    if (nvml.instance(device, i, &part) != kNvmlDone) continue;  // places may be empty
    cards.push_back(describe(nvml, part));
    cards.back().isInstance = true;
    if (cards.back().capability == 0) cards.back().capability = capability;
    if (cards.back().pciAddress.empty()) cards.back().pciAddress = address;
  }
}

}  // namespace

NvidiaSystem readNvidiaSystem(const std::string& library) {
  NvidiaSystem system;
  const NvmlLibrary nvml(library);
  if (!nvml.isUsable()) return system;
  system.error = nvml.init();
  system.answer = answerOf(system.error);
  if (system.answer != NvidiaAnswer::Told) return system;
  system.driver = textFrom(nvml.driver);
  if (nvml.cudaVersion != nullptr && nvml.cudaVersion(&system.cudaVersion) != kNvmlDone) system.cudaVersion = 0;
  unsigned count = 0;
  system.error = nvml.count(&count);
  for (unsigned i = 0; system.error == kNvmlDone && i < std::min(count, kMostCards); ++i) {
    NvmlDevice device = nullptr;
    const int result = nvml.handle(i, &device);
    if (result == kNvmlDone) addCard(nvml, device, system.cards);
    if (result != kNvmlDone && system.cards.empty()) system.error = result;  // others are still looked at
  }
  if (system.cards.empty() && system.error != kNvmlDone) system.answer = answerOf(system.error);
  nvml.shutdown();
  return system;
}

}  // namespace studio::engine
