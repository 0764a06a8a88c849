#pragma once

#include "engine/api/units.h"

#include <array>
#include <optional>

namespace studio::ui {

/// A shape of a picture: width to height.
struct AspectRatio {
  int width = 1;
  int height = 1;
  bool operator==(const AspectRatio&) const = default;
};

/// The ratios offered, square first, then pairs of upright and wide.
inline constexpr std::array<AspectRatio, 7> kAspectRatios{{{1, 1}, {2, 3}, {3, 2}, {3, 4}, {4, 3}, {9, 16}, {16, 9}}};

/// The nearest side that a model accepts: a multiple of kSideMultiple within the allowed range.
int snapSide(int side);

/// The size of this shape with about as many pixels as the model was trained on, in sides it handles well.
engine::PixelSize sizeForRatio(AspectRatio ratio, engine::PixelSize trained);

/// Which of the offered ratios leads to this size.
std::optional<AspectRatio> ratioOf(engine::PixelSize size, engine::PixelSize trained);

/// The other side when one is changed and the shape `shape` is kept; snapped.
int heightFor(int width, engine::PixelSize shape);
int widthFor(int height, engine::PixelSize shape);

/// How a size suits a model.
enum class SizeVerdict { Unknown, Trained, Good, TooSmall, TooLarge, TooLong };
SizeVerdict judgeSize(engine::PixelSize size, std::optional<engine::PixelSize> trained);

double megapixels(engine::PixelSize size);

}  // namespace studio::ui
