#include "ui/widgets/wheel_guard.h"

#include <QEvent>
#include <QWidget>

namespace studio::ui {
namespace {

class WheelGuard : public QObject {
 public:
  explicit WheelGuard(QWidget* control) : QObject(control), control_(control) {}

  bool eventFilter(QObject* watched, QEvent* event) override {
    if (event->type() != QEvent::Wheel || control_->hasFocus()) return QObject::eventFilter(watched, event);
    event->ignore();
    return true;
  }

 private:
  QWidget* control_;
};

}  // namespace

void guardWheel(QWidget* control) {
  control->setFocusPolicy(Qt::StrongFocus);
  control->installEventFilter(new WheelGuard(control));
}

}  // namespace studio::ui
