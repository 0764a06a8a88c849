#include "ui/canvas/picture_grid.h"

#include "ui/bridge/picture_image.h"

#include <QPainter>

#include <cmath>

namespace studio::ui {

PictureGrid arrangeInGrid(const std::vector<engine::Image>& pictures, engine::PixelSize finishedSize) {
  if (pictures.empty()) return {};
  const QSizeF finished(finishedSize.width, finishedSize.height);
  if (pictures.size() == 1) return {toQImage(pictures.front()), finished};

  const auto count = static_cast<int>(pictures.size());
  const int columns = static_cast<int>(std::ceil(std::sqrt(count)));
  const int rows = (count + columns - 1) / columns;
  const int width = pictures.front().size.width;
  const int height = pictures.front().size.height;
  const int gap = std::max(1, width / 64);
  QImage sheet(columns * width + (columns - 1) * gap, rows * height + (rows - 1) * gap,
               QImage::Format_ARGB32_Premultiplied);
  sheet.fill(Qt::transparent);
  QPainter painter(&sheet);
  for (int i = 0; i < count; ++i) {
    painter.drawImage((i % columns) * (width + gap), (i / columns) * (height + gap),
                      toQImage(pictures[static_cast<std::size_t>(i)]));
  }
  const double scale = finished.width() / width;
  return {sheet, QSizeF(sheet.size()) * scale};
}

}  // namespace studio::ui
