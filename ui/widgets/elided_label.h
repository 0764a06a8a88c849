#pragma once

#include <QLabel>

namespace studio::ui {

/// One line of plain text that may be longer than the place there is: it ends in "…" (or loses its middle), and the
/// tip shows all of it while it is cut. Assistive technology always reads the whole text.
class ElidedLabel : public QLabel {
  Q_OBJECT

 public:
  explicit ElidedLabel(Qt::TextElideMode mode, QWidget* parent = nullptr);

  QSize sizeHint() const override;
  QSize minimumSizeHint() const override;
  /// The text as far as there is room for it.
  QString shownText() const;

 protected:
  bool event(QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;

 private:
  Qt::TextElideMode mode_;
};

}  // namespace studio::ui
