#pragma once

#include "engine/api/image.h"

#include <QImage>
#include <QPointF>
#include <QWidget>

#include <vector>

namespace studio::ui {

/// Shows one picture, or the pictures of a batch side by side, on neutral grey. Zoom and pan by wheel, mouse and keys.
/// At 100 % one pixel of the picture is one pixel of the screen, whatever the scale factor.
class Canvas : public QWidget {
  Q_OBJECT

 public:
  explicit Canvas(QWidget* parent = nullptr);

  /// A preview may have fewer pixels than the finished picture; it is shown at `size`.
  void showPreviews(const std::vector<engine::Image>& previews, engine::PixelSize size);
  void showPicture(const engine::Image& picture, const QString& description);
  void clear();
  bool isEmpty() const { return image_.isNull(); }
  bool showsPreview() const { return preview_; }
  const QImage& image() const { return image_; }

  bool isFitted() const { return fitted_; }
  /// Screen pixels to a picture's pixel: 1.0 is 100 %.
  double zoom() const;
  void zoomToFit();
  void setZoom(double zoom);
  void zoomIn();
  void zoomOut();

  /// While something is dragged over the window: a frame, and words what dropping it would do. Empty ends it.
  void setDropHint(const QString& hint);

 Q_SIGNALS:
  void zoomChanged();

 protected:
  void paintEvent(QPaintEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  void setContent(QImage image, QSizeF size, bool preview);
  void zoomAround(double zoom, QPointF point);
  double fitZoom() const;
  /// Where the picture lies, in widget coordinates.
  QRectF pictureRect() const;
  bool isPannable() const;
  void limitPan();
  void updateCursor();
  void paintPicture(QPainter& painter) const;
  void paintEmptyState(QPainter& painter) const;
  void paintDropHint(QPainter& painter) const;

  QImage image_;
  QSizeF size_;  ///< of the finished picture, in its pixels
  bool preview_ = false;
  bool fitted_ = true;
  double zoom_ = 1.0;
  QPointF pan_;  ///< centre of the picture away from the centre of the widget
  QPointF dragFrom_;
  bool dragging_ = false;
  QString dropHint_;
};

}  // namespace studio::ui
