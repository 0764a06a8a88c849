#pragma once

#include <QStringList>

class QPushButton;
class QWidget;

namespace studio::ui::test {

/// The button within the widget whose text holds these words; null without one.
QPushButton* buttonWith(const QWidget& widget, const QString& words);

/// Kinds of the controls of a window that can have the focus and that a screen reader could not name.
QStringList unnamedControls(const QWidget& window);

}  // namespace studio::ui::test
