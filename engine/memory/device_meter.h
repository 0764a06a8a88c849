#pragma once

#include "engine/api/units.h"

#include <c10/core/Device.h>

#include <optional>

namespace studio::engine {

/// Memory of a device that is not the host's, at one moment.
struct DeviceRoom {
  Bytes total, free;
  Bytes held;    ///< by the engine's allocator, in use or kept for the next use
  Bytes unused;  ///< of that, only kept
};

/// What allocators only keep for their next use goes back to the system and to the device.
void emptyCaches(at::Device device);

/// Bytes in use on the device that computes: of the budget allocator's device pool on the processor, of torch's
/// caching allocator elsewhere. Engine thread only.
class DeviceMeter {
 public:
  explicit DeviceMeter(at::Device device = at::kCPU) : device_(device) {}

  Bytes current() const;
  /// Most since beginPhase().
  Bytes phasePeak() const;
  void beginPhase() const;
  /// Most that is known of: since resetPeaks() on the processor, elsewhere since beginPhase().
  Bytes peak() const;

  /// Nothing before the device is used for the first time, and on the processor. Any thread.
  std::optional<DeviceRoom> room() const;

 private:
  at::Device device_;
};

}  // namespace studio::engine
