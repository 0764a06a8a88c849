#pragma once

#include "engine/api/units.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace studio::engine {

/// A picture in memory: rows from top to bottom, interleaved 8-bit sRGB, no padding.
/// The pixels are shared and never change, so an Image is cheap to copy across threads.
struct Image {
  PixelSize size{0, 0};
  int channels = 3;  ///< 3 (RGB) or 4 (RGBA)
  std::shared_ptr<const std::vector<std::uint8_t>> pixels;

  bool empty() const { return pixels == nullptr || pixels->empty(); }
};

}  // namespace studio::engine
