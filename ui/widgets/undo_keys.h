#pragma once

class QKeyEvent;
class QWidget;

namespace studio::ui {

/// Whether the key is one of those that the window's Undo and Redo answer to.
bool isUndoKey(const QKeyEvent& event);

/// For a field that writes each keystroke into the draft: the undo keys reach the window, not the field's own steps.
void leaveUndoToWindow(QWidget* field);

}  // namespace studio::ui
