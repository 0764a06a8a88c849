#include "engine/memory/device_meter.h"

#include "engine/memory/budget_allocator.h"

#include <c10/core/CachingDeviceAllocator.h>
#include <c10/util/Exception.h>

#include <algorithm>

namespace studio::engine {
namespace {

c10::DeviceIndex indexOf(at::Device device) { return std::max<c10::DeviceIndex>(device.index(), 0); }

/// Null before the device is used for the first time.
c10::DeviceAllocator* allocatorOf(at::Device device) {
  c10::DeviceAllocator* allocator = c10::getDeviceAllocator(device.type());
  return allocator->initialized() ? allocator : nullptr;
}

/// Of all of the allocator's blocks, without what it only keeps.
c10::CachingAllocator::Stat allocated(at::Device device) {
  constexpr auto kAll = static_cast<std::size_t>(c10::CachingAllocator::StatType::AGGREGATE);
  c10::DeviceAllocator* allocator = allocatorOf(device);
  return allocator == nullptr ? c10::CachingAllocator::Stat()
                              : allocator->getDeviceStats(indexOf(device)).allocated_bytes[kAll];
}

}  // namespace

void emptyCaches(at::Device device) {
  trimCache();
  if (device.is_cpu()) return;
  if (c10::DeviceAllocator* allocator = allocatorOf(device)) allocator->emptyCache();
}

Bytes DeviceMeter::current() const {
  return device_.is_cpu() ? devicePool().current : Bytes{allocated(device_).current};
}

Bytes DeviceMeter::phasePeak() const { return device_.is_cpu() ? devicePhasePeak() : Bytes{allocated(device_).peak}; }

Bytes DeviceMeter::peak() const { return device_.is_cpu() ? devicePool().peak : phasePeak(); }

void DeviceMeter::beginPhase() const {
  if (device_.is_cpu()) return beginPhasePeak();
  if (c10::DeviceAllocator* allocator = allocatorOf(device_)) allocator->resetPeakStats(indexOf(device_));
}

std::optional<DeviceRoom> DeviceMeter::room() const {
  c10::DeviceAllocator* allocator = device_.is_cpu() ? nullptr : allocatorOf(device_);
  if (allocator == nullptr) return std::nullopt;
  constexpr auto kAll = static_cast<std::size_t>(c10::CachingAllocator::StatType::AGGREGATE);
  try {
    const auto [free, total] = allocator->getMemoryInfo(indexOf(device_));
    const auto statistics = allocator->getDeviceStats(indexOf(device_));
    const std::int64_t held = statistics.reserved_bytes[kAll].current;
    return DeviceRoom{{static_cast<std::int64_t>(total)},
                      {static_cast<std::int64_t>(free)},
                      {held},
                      {held - statistics.allocated_bytes[kAll].current}};
  } catch (const c10::Error&) {  // not every device tells
    return std::nullopt;
  }
}

}  // namespace studio::engine
