#include "ui/bridge/picture_image.h"

#include <memory>
#include <vector>

namespace studio::ui {

QImage toQImage(const engine::Image& image) {
  using Pixels = std::shared_ptr<const std::vector<std::uint8_t>>;
  const auto width = image.size.width;
  const auto height = image.size.height;
  const std::size_t needed =
      static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * static_cast<std::size_t>(image.channels);
  if (image.empty() || width <= 0 || height <= 0 || image.pixels->size() < needed) return {};
  const auto format = image.channels == 4 ? QImage::Format_RGBA8888 : QImage::Format_RGB888;
  auto* keepAlive = new Pixels(image.pixels);
  return QImage(
      image.pixels->data(), width, height, static_cast<qsizetype>(width) * image.channels, format,
      [](void* pixels) { delete static_cast<Pixels*>(pixels); }, keepAlive);
}

}  // namespace studio::ui
