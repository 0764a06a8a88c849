#include "tests/ui/support/tab_order.h"

namespace studio::ui {

QList<int> tabMiddles(QWidget& panel, QWidget* first) {
  QList<int> middles;
  for (QWidget* stop = first; stop != nullptr && panel.isAncestorOf(stop);) {
    if (stop->isVisible() && stop->isEnabled() && (stop->focusPolicy() & Qt::TabFocus) != 0 &&
        stop->focusProxy() == nullptr) {
      middles.append(stop->mapTo(&panel, QPoint(0, stop->height() / 2)).y());
    }
    stop = stop->nextInFocusChain();
    if (stop == first) break;
  }
  return middles;
}

}  // namespace studio::ui
