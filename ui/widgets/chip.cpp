#include "ui/widgets/chip.h"

#include "ui/style/theme_colors.h"

#include <QPainter>
#include <QStyle>

namespace studio::ui {

Chip::Chip(const QString& text, QWidget* parent) : QAbstractButton(parent) {
  setText(text);
  setAccessibleName(text);
  setCursor(Qt::PointingHandCursor);
  setFocusPolicy(Qt::StrongFocus);
  setAttribute(Qt::WA_Hover);
  setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

QSize Chip::sizeHint() const {
  return {fontMetrics().horizontalAdvance(text()) + 20, std::max(24, fontMetrics().height() + 6)};
}

QSize Chip::minimumSizeHint() const { return {std::min(sizeHint().width(), 40), sizeHint().height()}; }

void Chip::paintEvent(QPaintEvent*) {
  const ThemeColors colors = ThemeColors::of(palette());
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const QRectF outline = QRectF(rect()).adjusted(1, 1, -1, -1);
  const bool marked = isChecked() || isDown();
  painter.setBrush(marked ? colors.accent : underMouse() && isEnabled() ? colors.hover : colors.field);
  painter.setPen(QPen(hasFocus() || marked ? colors.accent : colors.line, hasFocus() ? 2 : 1));
  painter.drawRoundedRect(outline, outline.height() / 2, outline.height() / 2);
  painter.setPen(marked ? colors.accentText : isEnabled() ? colors.text : colors.muted);
  const QRect inner = rect().adjusted(10, 0, -10, 0);
  // Shaping may make a short text wider than its advance said, so it is elided only when there is really no room.
  const bool fits = width() >= sizeHint().width();
  const QString shown = fits ? text() : fontMetrics().elidedText(text(), Qt::ElideRight, inner.width());
  painter.drawText(fits ? rect() : inner, Qt::AlignCenter, shown);
}

}  // namespace studio::ui
