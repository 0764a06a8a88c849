#pragma once

#include "engine/api/device_catalog.h"
#include "engine/device/hardware_source.h"

#include <utility>

namespace studio::engine {

/// The processors of this machine, from /proc, /sys and the libraries of drivers (opened at run time, never linked).
/// What only shows pictures is left out: a part of the processor, a server's console.
class LocalDeviceCatalog final : public DeviceCatalog {
 public:
  LocalDeviceCatalog() = default;
  /// For tests.
  explicit LocalDeviceCatalog(HardwareSource source) : source_(std::move(source)) {}

  std::vector<DeviceInfo> devices() const override;

 private:
  HardwareSource source_;
};

}  // namespace studio::engine
