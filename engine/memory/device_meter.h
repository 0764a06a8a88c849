#pragma once

#include "engine/api/units.h"

#include <c10/core/Device.h>

namespace studio::engine {

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

 private:
  at::Device device_;
};

}  // namespace studio::engine
