#pragma once

#include <QCheckBox>

namespace studio::ui {

/// A check box whose text may be longer than the place there is; the middle gives way.
class ElidedCheckBox : public QCheckBox {
  Q_OBJECT

 public:
  explicit ElidedCheckBox(const QString& text, QWidget* parent = nullptr);
  QSize minimumSizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;
};

}  // namespace studio::ui
