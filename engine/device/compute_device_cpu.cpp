#include "engine/device/compute_device.h"

namespace studio::engine {

at::Device computeDevice() { return at::kCPU; }

}  // namespace studio::engine
