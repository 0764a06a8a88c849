#pragma once

#include <QList>
#include <QWidget>

namespace studio::ui {

/// Goes through the panel with Tab and returns the middle of each stop within it.
QList<int> tabMiddles(QWidget& panel, QWidget* first);

/// By more than what centres of one row may differ.
inline bool isAbove(int a, int b) { return a + 10 < b; }

}  // namespace studio::ui
