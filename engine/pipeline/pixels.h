#pragma once

#include "engine/api/image.h"
#include "engine/api/reproduction_profile.h"

#include <ATen/core/Tensor.h>

namespace studio::engine {

/// fp32 pixels -1 … 1 on the host, [3, H, W], to 8-bit RGB; values outside are clamped.
Image imageFromPixels(const at::Tensor& pixels, PixelRounding rounding = PixelRounding::Nearest);

}  // namespace studio::engine
