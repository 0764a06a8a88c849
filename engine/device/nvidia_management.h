#pragma once

#include "engine/api/device_catalog.h"

#include <vector>

namespace studio::engine {

/// NVIDIA cards as the driver's management library (libnvidia-ml.so.1) tells; empty without a driver.
std::vector<DeviceInfo> nvidiaDevices();

}  // namespace studio::engine
