#pragma once

#include <QWidget>

class QAction;
class QButtonGroup;
class QLabel;
class QPushButton;

namespace studio::ui {

class Canvas;
class NoticeBar;

/// The canvas with its row of zoom buttons above, and quiet messages over its lower edge.
class CanvasView : public QWidget {
  Q_OBJECT

 public:
  explicit CanvasView(QWidget* parent = nullptr);

  Canvas& canvas() const { return *canvas_; }
  NoticeBar& notices() const { return *notices_; }
  /// Small text at the right above the canvas: what is shown.
  void setNote(const QString& note);
  QString note() const;
  /// Shows a button in the bar that leads back from a finished picture to the one being made.
  void offerLive(bool offered);

 Q_SIGNALS:
  void liveWanted();

 private:
  void buildLayout();
  void connectSignals();
  void updateZoom();

  Canvas* canvas_ = nullptr;
  NoticeBar* notices_ = nullptr;
  QButtonGroup* zoomButtons_ = nullptr;
  QLabel* zoomText_ = nullptr;
  QLabel* note_ = nullptr;
  QPushButton* live_ = nullptr;
};

}  // namespace studio::ui
