#include "ui/parameters/size_rules.h"

#include "engine/api/request_fields.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace studio::ui {
namespace {

using engine::PixelSize;

/// Beyond these, in pixels against the trained size, pictures get empty or double their subjects.
constexpr double kLeastArea = 0.5;
constexpr double kMostArea = 1.75;
/// A side this many times the trained one repeats its subject even if the area is right.
constexpr double kLongestSide = 2.0;

/// Three halvings in the UNet want 64 px; a model trained on small pictures would have no choice left.
int comfortableMultiple(PixelSize trained) {
  const int side = std::min(trained.width, trained.height);
  return std::clamp(side / 8 / engine::kSideMultiple * engine::kSideMultiple, engine::kSideMultiple, 64);
}

double area(PixelSize size) { return static_cast<double>(size.width) * size.height; }

/// How far a size is from shape and area; the shape counts twice, it is what was asked for.
double misfit(PixelSize size, double shape, double wantedArea) {
  const double actual = static_cast<double>(size.width) / size.height;
  return 2 * std::abs(std::log(actual / shape)) + std::abs(std::log(area(size) / wantedArea));
}

int nearestMultiple(double side, int multiple) { return static_cast<int>(std::lround(side / multiple)) * multiple; }

}  // namespace

int snapSide(int side) {
  const int clamped = std::clamp(side, engine::kSmallestSide, engine::kLargestSide);
  return (clamped + engine::kSideMultiple / 2) / engine::kSideMultiple * engine::kSideMultiple;
}

PixelSize sizeForRatio(AspectRatio ratio, PixelSize trained) {
  if (ratio.width == ratio.height && trained.width == trained.height) return trained;
  const double shape = static_cast<double>(ratio.width) / ratio.height;
  const int multiple = comfortableMultiple(trained);
  const double width = std::sqrt(area(trained) * shape);
  const double height = std::sqrt(area(trained) / shape);
  PixelSize best{snapSide(nearestMultiple(width, multiple)), snapSide(nearestMultiple(height, multiple))};
  for (int column = -1; column <= 1; ++column) {
    for (int row = -1; row <= 1; ++row) {
      const PixelSize size{snapSide(nearestMultiple(width, multiple) + column * multiple),
                           snapSide(nearestMultiple(height, multiple) + row * multiple)};
      if (misfit(size, shape, area(trained)) < misfit(best, shape, area(trained)) - 1e-9) best = size;
    }
  }
  return best;
}

std::optional<AspectRatio> ratioOf(PixelSize size, PixelSize trained) {
  for (const AspectRatio ratio : kAspectRatios) {
    if (sizeForRatio(ratio, trained) == size) return ratio;
  }
  return std::nullopt;
}

int heightFor(int width, PixelSize shape) {
  return snapSide(static_cast<int>(std::lround(static_cast<double>(width) * shape.height / std::max(shape.width, 1))));
}

int widthFor(int height, PixelSize shape) { return heightFor(height, {shape.height, shape.width}); }

SizeVerdict judgeSize(PixelSize size, std::optional<PixelSize> trained) {
  if (!trained || area(*trained) <= 0) return SizeVerdict::Unknown;
  if (size == *trained) return SizeVerdict::Trained;
  const double pixels = area(size) / area(*trained);
  if (pixels < kLeastArea) return SizeVerdict::TooSmall;
  if (pixels > kMostArea) return SizeVerdict::TooLarge;
  const int longest = std::max(size.width, size.height);
  if (longest > kLongestSide * std::max(trained->width, trained->height)) return SizeVerdict::TooLong;
  return SizeVerdict::Good;
}

double megapixels(PixelSize size) { return area(size) / 1e6; }

}  // namespace studio::ui
