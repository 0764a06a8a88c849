#include "ui/widgets/elided_label.h"

#include <QHelpEvent>
#include <QPainter>
#include <QStyle>
#include <QToolTip>

#include <algorithm>

namespace studio::ui {
namespace {

constexpr int kFewestCharacters = 4;

}  // namespace

ElidedLabel::ElidedLabel(Qt::TextElideMode mode, QWidget* parent) : QLabel(parent), mode_(mode) {
  setTextFormat(Qt::PlainText);
}

/// QLabel asks for the ink of the text; its advance may be a little more.
QSize ElidedLabel::sizeHint() const {
  const QSize hint = QLabel::sizeHint();
  return {text().isEmpty() ? 0 : std::max(hint.width(), fontMetrics().horizontalAdvance(text()) + 1), hint.height()};
}

QSize ElidedLabel::minimumSizeHint() const {
  const int few = fontMetrics().averageCharWidth() * kFewestCharacters;
  return {text().isEmpty() ? 0 : few, QLabel::minimumSizeHint().height()};
}

QString ElidedLabel::shownText() const { return fontMetrics().elidedText(text(), mode_, contentsRect().width()); }

/// A tip of the caller's own goes first.
bool ElidedLabel::event(QEvent* event) {
  if (event->type() != QEvent::ToolTip || !toolTip().isEmpty() || shownText() == text()) return QLabel::event(event);
  QToolTip::showText(static_cast<QHelpEvent*>(event)->globalPos(), text(), this);
  return true;
}

void ElidedLabel::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const Qt::Alignment alignment = QStyle::visualAlignment(layoutDirection(), this->alignment());
  style()->drawItemText(&painter, contentsRect(), static_cast<int>(alignment), palette(), isEnabled(), shownText(),
                        foregroundRole());
}

}  // namespace studio::ui
