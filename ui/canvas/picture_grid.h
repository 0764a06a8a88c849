#pragma once

#include "engine/api/image.h"

#include <QImage>
#include <QSizeF>

#include <vector>

namespace studio::ui {

/// The pictures of a batch as one.
struct PictureGrid {
  QImage image;
  QSizeF size;  ///< in pixels of the finished pictures
};

/// Side by side in rows, as square as may be, with small gaps. One picture stays as it is, without a copy.
PictureGrid arrangeInGrid(const std::vector<engine::Image>& pictures, engine::PixelSize finishedSize);

}  // namespace studio::ui
