#include "ui/widgets/shrinking_scroll.h"

#include <QEvent>
#include <QResizeEvent>
#include <QScrollBar>

#include <algorithm>

namespace studio::ui {

ShrinkingScroll::ShrinkingScroll(QWidget* content, int least, QWidget* parent) : QScrollArea(parent), least_(least) {
  setFrameShape(QFrame::NoFrame);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setWidgetResizable(true);
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
  setFocusPolicy(Qt::NoFocus);
  setWidget(content);
  viewport()->setAutoFillBackground(false);  // the card's shows
  content->setAutoFillBackground(false);
  content->installEventFilter(this);
}

int ShrinkingScroll::contentHeight() const {
  const int width = viewport()->width();
  return widget()->hasHeightForWidth() ? widget()->heightForWidth(width) : widget()->sizeHint().height();
}

QSize ShrinkingScroll::sizeHint() const { return {widget()->sizeHint().width(), contentHeight()}; }

QSize ShrinkingScroll::minimumSizeHint() const {
  return {widget()->minimumSizeHint().width() + verticalScrollBar()->sizeHint().width(),
          std::min(least_, contentHeight())};
}

void ShrinkingScroll::resizeEvent(QResizeEvent* event) {
  QScrollArea::resizeEvent(event);
  if (event->oldSize().width() != event->size().width()) updateGeometry();  // texts wrap in other places now
}

bool ShrinkingScroll::eventFilter(QObject* watched, QEvent* event) {
  if (watched == widget() && event->type() == QEvent::LayoutRequest) updateGeometry();
  return QScrollArea::eventFilter(watched, event);
}

}  // namespace studio::ui
