#include "engine/pipeline/pixels.h"

#include <ATen/TensorOperators.h>

namespace studio::engine {

Image imageFromPixels(const at::Tensor& pixels) {
  const at::Tensor bytes = ((pixels + 1) * 127.5).round().clamp(0, 255).to(at::kByte).permute({1, 2, 0}).contiguous();
  const auto* first = bytes.data_ptr<std::uint8_t>();
  Image image;
  image.size = {static_cast<int>(pixels.size(2)), static_cast<int>(pixels.size(1))};
  image.channels = 3;
  image.pixels = std::make_shared<const std::vector<std::uint8_t>>(first, first + bytes.numel());
  return image;
}

}  // namespace studio::engine
