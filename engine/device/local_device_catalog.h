#pragma once

#include "engine/api/device_catalog.h"
#include "engine/device/hardware_source.h"

#include <utility>

namespace studio::engine {

/// The processors of this machine, from /proc, sysfs and, when a driver is there, NVIDIA's management library
/// (opened at run time, never linked). No state; thread-safe.
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
