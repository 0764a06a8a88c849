#pragma once

#include "engine/api/device_catalog.h"

#include <optional>
#include <vector>

namespace studio::engine {

/// NVIDIA cards as the driver's management library (libnvidia-ml.so.1) tells; empty without a driver.
std::vector<DeviceInfo> nvidiaDevices();

/// Why a card cannot be used, or nothing: `driver` is the main version, `capability` ten times the compute capability
/// (75: 7.5), `gpuBackEnd` whether this build has one.
std::optional<Sentence> nvidiaObstacle(int driver, int capability, bool gpuBackEnd);

}  // namespace studio::engine
