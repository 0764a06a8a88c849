#include "engine/pipeline/device_room.h"

#include "engine/device/local_device_catalog.h"
#include "engine/device/other_programs.h"
#include "engine/memory/budget_allocator.h"

#include <algorithm>
#include <utility>

namespace studio::engine {
namespace {

constexpr std::int64_t kNeverPinned = std::int64_t{6} << 30;

DeviceInfo gpuOf(at::Device device) {
  for (DeviceInfo& info : LocalDeviceCatalog().devices()) {
    if (info.id == device.str()) return std::move(info);
  }
  return {};
}

/// Taken by a GPU's context and the code of its kernels; 0.3 to 0.5 GiB are usual.
constexpr std::int64_t kContext = std::int64_t{448} << 20;

}  // namespace

DeviceRoom gpuRoom(at::Device device) {
  if (const auto room = DeviceMeter(device).room()) return *room;
  const DeviceInfo info = gpuOf(device);
  if (info.freeMemory.count <= 0) return {};
  return {info.totalMemory, {std::max<std::int64_t>(info.freeMemory.count - kContext, 1)}, {}, {}};
}

Bytes gpuMargin(const DeviceRoom& room) {
  constexpr std::int64_t kLeast = 256 << 20, kPercent = 3;
  return {std::max(kLeast, room.total.count / 100 * kPercent)};
}

Bytes freeOnGpu(const DeviceRoom& room) {
  if (room.total.count <= 0) return {};
  return {std::max<std::int64_t>(room.free.count + room.held.count - gpuMargin(room).count, 1)};
}

Bytes freeOnHost(const HostMemory& host) {
  if (host.available.count <= 0) return {};
  const std::int64_t held = devicePool().current.count + idlePool().current.count + cachedBytes().count;
  return {std::max<std::int64_t>(host.available.count + held - hostMargin(host).count, 1)};
}

Bytes freeMemoryOf(at::Device device) {
  return device.is_cpu() ? freeOnHost(hostMemory()) : freeOnGpu(gpuRoom(device));
}

std::vector<ProgramMemory> programsOn(at::Device device, std::size_t most) {
  if (device.is_cpu()) return largestPrograms(most);
  std::vector<ProgramMemory> programs = gpuOf(device).programs;
  if (programs.size() > most) programs.resize(most);
  return programs;
}

Bytes usableBudget(const EngineOptions& options, Bytes free) {
  const std::int64_t budget = std::max<std::int64_t>(options.deviceBudget.count, 0);
  const std::int64_t most = budget > 0 && (free.count <= 0 || budget < free.count) ? budget : free.count;
  if (most <= 0) return {};
  return {std::max<std::int64_t>(most - std::max<std::int64_t>(options.reserve.count, 0), 1)};
}

Bytes usableBudget(const EngineOptions& options, at::Device device) {
  return usableBudget(options, freeMemoryOf(device));
}

HostRoom roomForCopies(HostCopies copies, at::Device device, Bytes held) {
  if (copies == HostCopies::None) return {};
  const HostMemory host = hostMemory();
  const std::int64_t most = std::max<std::int64_t>(host.available.count + held.count - hostMargin(host).count, 0);
  const bool pins = copies == HostCopies::Pinned && !device.is_cpu();
  const std::int64_t pinned = std::min({most, host.total.count / 10 * 6, host.total.count - kNeverPinned});
  return {{most}, {pins ? std::max<std::int64_t>(pinned, 0) : 0}};
}

MemoryShortage withHostRoom(MemoryShortage shortage, at::Device device) {
  shortage.machine = freeOnHost(hostMemory());
  shortage.oneMemory = device.is_cpu();
  return shortage;
}

}  // namespace studio::engine
