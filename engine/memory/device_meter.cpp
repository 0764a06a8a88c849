#include "engine/memory/device_meter.h"

#include "engine/memory/budget_allocator.h"

#include <c10/core/CachingDeviceAllocator.h>

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

Bytes DeviceMeter::current() const {
  return device_.is_cpu() ? devicePool().current : Bytes{allocated(device_).current};
}

Bytes DeviceMeter::phasePeak() const { return device_.is_cpu() ? devicePhasePeak() : Bytes{allocated(device_).peak}; }

Bytes DeviceMeter::peak() const { return device_.is_cpu() ? devicePool().peak : phasePeak(); }

void DeviceMeter::beginPhase() const {
  if (device_.is_cpu()) return beginPhasePeak();
  if (c10::DeviceAllocator* allocator = allocatorOf(device_)) allocator->resetPeakStats(indexOf(device_));
}

}  // namespace studio::engine
