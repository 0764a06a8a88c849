#include "ui/canvas/canvas.h"
#include "ui/style/theme_colors.h"

#include <QPainter>
#include <QPainterPath>

#include <cmath>

namespace studio::ui {
namespace {

constexpr double kRadius = 6.0;

/// Whole steps from 200 % on show the pixels as they are; everything else is smoothed.
bool wantsPlainPixels(double zoom) { return zoom >= 2.0 && std::abs(zoom - std::round(zoom)) < 1e-6; }

}  // namespace

void Canvas::paintEvent(QPaintEvent*) {
  const ThemeColors colors = ThemeColors::of(palette());
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  QPainterPath outline;
  outline.addRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), kRadius, kRadius);
  painter.fillPath(outline, colors.canvas);
  painter.setClipPath(outline);
  if (image_.isNull()) {
    paintEmptyState(painter);
  } else {
    paintPicture(painter);
  }
  painter.setClipping(false);
  if (!dropHint_.isEmpty()) paintDropHint(painter);
  painter.setBrush(Qt::NoBrush);
  painter.setPen(QPen(hasFocus() ? colors.accent : colors.line, 1));
  painter.drawPath(outline);
}

void Canvas::paintPicture(QPainter& painter) const {
  const bool plain = !fitted_ && !preview_ && wantsPlainPixels(zoom());
  painter.setRenderHint(QPainter::SmoothPixmapTransform, !plain);
  painter.drawImage(pictureRect(), image_);
}

void Canvas::paintEmptyState(QPainter& painter) const {
  const ThemeColors colors = ThemeColors::of(palette());
  QFont title = font();
  title.setPointSizeF(title.pointSizeF() * 1.2);
  const QFontMetrics metrics(title);
  const QRect area = rect().adjusted(24, 24, -24, -24);
  const QRect upper(area.x(), area.center().y() - metrics.height() - 4, area.width(), metrics.height() + 2);
  painter.setFont(title);
  painter.setPen(colors.text);
  painter.drawText(upper, Qt::AlignHCenter | Qt::AlignBottom, tr("Your picture appears here"));
  painter.setFont(font());
  painter.setPen(colors.muted);
  const QRect lower(area.x(), area.center().y() + 4, area.width(), area.bottom() - area.center().y());
  painter.drawText(lower, Qt::AlignHCenter | Qt::AlignTop | Qt::TextWordWrap,
                   tr("Describe it on the left and press Ctrl+Enter.\nDrop a picture here to take over its settings."));
}

void Canvas::paintDropHint(QPainter& painter) const {
  const ThemeColors colors = ThemeColors::of(palette());
  QColor veil = colors.window;
  veil.setAlphaF(0.85F);
  const QRectF frame = QRectF(rect()).adjusted(6, 6, -6, -6);
  painter.setBrush(veil);
  painter.setPen(QPen(colors.accent, 2, Qt::DashLine));
  painter.drawRoundedRect(frame, kRadius, kRadius);
  painter.setPen(colors.text);
  painter.drawText(frame, Qt::AlignCenter | Qt::TextWordWrap, dropHint_);
}

}  // namespace studio::ui
