#pragma once

#include "engine/api/image.h"

#include <QImage>

namespace studio::ui {

/// The engine's picture as a QImage that shares the pixels: no copy, any thread.
QImage toQImage(const engine::Image& image);

}  // namespace studio::ui
