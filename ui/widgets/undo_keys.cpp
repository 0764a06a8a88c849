#include "ui/widgets/undo_keys.h"

#include <QKeyEvent>
#include <QWidget>

namespace studio::ui {
namespace {

class UndoKeyFilter : public QObject {
 public:
  explicit UndoKeyFilter(QWidget* field) : QObject(field) {}

  bool eventFilter(QObject* watched, QEvent* event) override {
    const bool asksFirst = event->type() == QEvent::ShortcutOverride;
    if (!asksFirst || !isUndoKey(static_cast<const QKeyEvent&>(*event))) return QObject::eventFilter(watched, event);
    event->ignore();
    return true;
  }
};

}  // namespace

bool isUndoKey(const QKeyEvent& event) {
  return event.matches(QKeySequence::Undo) || event.matches(QKeySequence::Redo) ||
         (event.key() == Qt::Key_Y && event.modifiers() == Qt::ControlModifier);
}

void leaveUndoToWindow(QWidget* field) { field->installEventFilter(new UndoKeyFilter(field)); }

}  // namespace studio::ui
