#include "engine/pipeline/pixels.h"

#include <ATen/TensorOperators.h>

namespace studio::engine {

Image imageFromPixels(const at::Tensor& pixels, PixelRounding rounding) {
  at::Tensor levels;
  if (rounding == PixelRounding::Nearest) levels = ((pixels + 1) * 127.5).round().clamp(0, 255);
  if (rounding == PixelRounding::Down) levels = ((pixels + 1) / 2).clamp(0, 1) * 255;  // the conversion cuts off
  const at::Tensor bytes = levels.to(at::kByte).permute({1, 2, 0}).contiguous();
  const auto* first = bytes.data_ptr<std::uint8_t>();
  Image image;
  image.size = {static_cast<int>(pixels.size(2)), static_cast<int>(pixels.size(1))};
  image.channels = 3;
  image.pixels = std::make_shared<const std::vector<std::uint8_t>>(first, first + bytes.numel());
  return image;
}

}  // namespace studio::engine
