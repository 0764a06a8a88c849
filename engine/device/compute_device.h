#pragma once

#include <c10/core/Device.h>

namespace studio::engine {

/// Where networks run: the first GPU when this build has a GPU back end and the driver offers one, else the CPU.
at::Device computeDevice();

}  // namespace studio::engine
