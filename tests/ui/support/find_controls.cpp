#include "tests/ui/support/find_controls.h"

#include <QPushButton>

namespace studio::ui::test {

QPushButton* buttonWith(const QWidget& widget, const QString& words) {
  for (QPushButton* button : widget.findChildren<QPushButton*>()) {
    if (button->text().contains(words)) return button;
  }
  return nullptr;
}

QStringList unnamedControls(const QWidget& window) {
  QStringList unnamed;
  for (const QWidget* child : window.findChildren<QWidget*>()) {
    if (child->focusPolicy() == Qt::NoFocus || child->focusProxy() != nullptr || child->window() != &window) continue;
    if (child->objectName() == QStringLiteral("qt_spinbox_lineedit")) continue;
    const auto* pressed = qobject_cast<const QAbstractButton*>(child);
    const bool named = !child->accessibleName().isEmpty() || (pressed != nullptr && !pressed->text().isEmpty());
    if (!named) unnamed.append(QLatin1String(child->metaObject()->className()));
  }
  return unnamed;
}

}  // namespace studio::ui::test
