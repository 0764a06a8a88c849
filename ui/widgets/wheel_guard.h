#pragma once

class QWidget;

namespace studio::ui {

/// The wheel scrolls the panel; it changes a value only in a control that has the focus.
void guardWheel(QWidget* control);

}  // namespace studio::ui
