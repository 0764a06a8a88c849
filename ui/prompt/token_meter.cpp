#include "ui/prompt/token_meter.h"

#include "ui/style/theme_colors.h"

#include <QPainter>

#include <algorithm>

namespace studio::ui {
namespace {

constexpr int kHeight = 4;

/// More ticks than this would be a grey bar.
constexpr int kMostTicks = 40;

}  // namespace

TokenMeter::TokenMeter(QWidget* parent) : QWidget(parent) {
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  setFixedHeight(kHeight);
}

void TokenMeter::setFill(int filled, int chunks, int chunkSize) {
  filled_ = filled;
  chunks_ = std::max(1, chunks);
  chunkSize_ = std::max(1, chunkSize);
  update();
}

QSize TokenMeter::sizeHint() const { return {120, kHeight}; }

void TokenMeter::paintEvent(QPaintEvent*) {
  const ThemeColors colors = ThemeColors::of(palette());
  QPainter painter(this);
  const double places = static_cast<double>(chunks_) * chunkSize_;
  const auto at = [&](double place) { return width() * std::min(1.0, place / places); };
  painter.fillRect(QRectF(0, 1, width(), 2), colors.line);
  painter.fillRect(QRectF(0, 1, at(filled_), 2), colors.muted);
  if (chunks_ > kMostTicks) return;
  for (int chunk = 1; chunk < chunks_; ++chunk) {
    painter.fillRect(QRectF(at(chunk * chunkSize_) - 1, 0, 2, kHeight), colors.accent);
  }
}

}  // namespace studio::ui
