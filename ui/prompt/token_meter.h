#pragma once

#include <QWidget>

namespace studio::ui {

/// A thin bar: how much of the text encoder's chunks a prompt fills, with a tick at every chunk border.
class TokenMeter : public QWidget {
  Q_OBJECT

 public:
  explicit TokenMeter(QWidget* parent = nullptr);

  /// `filled` of `chunks` × `chunkSize` places are taken.
  void setFill(int filled, int chunks, int chunkSize);
  QSize sizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  int filled_ = 0;
  int chunks_ = 1;
  int chunkSize_ = 75;
};

}  // namespace studio::ui
