#include "engine/device/compute_device.h"

#include <ATen/Context.h>

namespace studio::engine {

// ROCm's libtorch presents itself as CUDA, so one file serves both.
at::Device computeDevice() { return at::hasCUDA() ? at::Device(at::kCUDA, 0) : at::Device(at::kCPU); }

}  // namespace studio::engine
