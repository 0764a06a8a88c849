#include "engine/pipeline/device_room.h"

#include "engine/device/local_device_catalog.h"
#include "engine/memory/budget_allocator.h"

#include <algorithm>

namespace studio::engine {

Bytes freeMemoryOf(at::Device device) {
  const std::string kind = device.is_cpu() ? "cpu" : "gpu";
  Bytes most;
  for (const DeviceInfo& info : LocalDeviceCatalog().devices()) {
    if (info.kind == kind) most = std::max(most, info.freeMemory);
  }
  return {most.count + devicePool().current.count};
}

Bytes usableBudget(const EngineOptions& options, Bytes free) {
  const std::int64_t budget = std::max<std::int64_t>(options.deviceBudget.count, 0);
  if (options.reserve.count <= 0) return {budget};
  const std::int64_t most = budget > 0 && budget < free.count ? budget : free.count;
  return {std::max<std::int64_t>(most - options.reserve.count, 1)};
}

Bytes usableBudget(const EngineOptions& options, at::Device device) {
  return usableBudget(options, options.reserve.count > 0 ? freeMemoryOf(device) : Bytes());
}

}  // namespace studio::engine
