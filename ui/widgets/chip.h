#pragma once

#include <QAbstractButton>

namespace studio::ui {

/// A small rounded button for one word: a ratio, a trigger word. setCheckable(true) for choices.
class Chip : public QAbstractButton {
  Q_OBJECT

 public:
  explicit Chip(const QString& text, QWidget* parent = nullptr);
  QSize sizeHint() const override;
  QSize minimumSizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;
};

}  // namespace studio::ui
