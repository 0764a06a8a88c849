#pragma once

#include <QComboBox>

class QStyleOptionComboBox;

namespace studio::ui {

/// A combo box for file names: a long one loses its middle, so that its ending stays readable.
class ElidedComboBox : public QComboBox {
  Q_OBJECT

 public:
  using QComboBox::QComboBox;

  /// The current text as far as there is room for it.
  QString shownText() const;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QString elided(const QStyleOptionComboBox& option) const;
};

}  // namespace studio::ui
