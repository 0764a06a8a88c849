#pragma once

#include <QScrollArea>

namespace studio::ui {

/// As high as its content where there is room; where there is not it is shorter and scrolls. Content takes the width
/// there is.
class ShrinkingScroll : public QScrollArea {
  Q_OBJECT

 public:
  /// Takes `content`. It never gets lower than `least` pixels, unless the content is.
  ShrinkingScroll(QWidget* content, int least, QWidget* parent = nullptr);

  QSize sizeHint() const override;
  QSize minimumSizeHint() const override;

 protected:
  void resizeEvent(QResizeEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  int contentHeight() const;

  int least_;
};

}  // namespace studio::ui
