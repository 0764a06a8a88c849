#include "engine/pipeline/spill_watch.h"

#include "engine/device/local_device_catalog.h"

#include <algorithm>

namespace studio::engine {
namespace {

constexpr double kFarSlower = 3;         // an operator's choice or another program costs less
constexpr std::int64_t kFullShare = 33;  // less than one part in so many is free
constexpr double kShortestStep = 0.001;  // seconds; below it timers and wake-ups decide

}  // namespace

bool looksLikeSpill(Seconds step, Seconds fastest, Bytes free, Bytes total) {
  if (fastest.count() < kShortestStep || total.count <= 0) return false;
  return step > fastest * kFarSlower && free.count < total.count / kFullShare;
}

void SpillWatch::afterStep(Seconds step, const std::function<void(const Sentence&)>& tell) {
  if (device_.is_cpu() || told_) return;
  const Seconds before = fastest_;
  if (fastest_.count() <= 0 || step < fastest_) fastest_ = step;
  if (before.count() <= 0 || step <= before * kFarSlower) return;
  for (const DeviceInfo& device : LocalDeviceCatalog().devices()) {
    if (device.kind != "gpu" || !looksLikeSpill(step, before, device.freeMemory, device.totalMemory)) continue;
    tell(
        sentence("Steps have become far slower while the memory of %1 is full: its driver may be using main memory "
                 "instead. A memory mode that takes less is faster.",
                 device.name));
    told_ = true;
    return;
  }
}

}  // namespace studio::engine
