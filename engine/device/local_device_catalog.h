#pragma once

#include "engine/api/device_catalog.h"

namespace studio::engine {

/// The processors of this machine, from /proc, sysfs and, when a driver is there, NVIDIA's management library
/// (opened at run time, never linked). No state; thread-safe.
class LocalDeviceCatalog final : public DeviceCatalog {
 public:
  std::vector<DeviceInfo> devices() const override;
};

}  // namespace studio::engine
