#include "ui/canvas/canvas.h"

#include "ui/bridge/picture_image.h"
#include "ui/canvas/picture_grid.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace studio::ui {
namespace {

constexpr double kSmallestZoom = 0.05;
constexpr double kLargestZoom = 32.0;
constexpr double kZoomStep = 1.25;
constexpr double kWheelNotch = 120.0;
constexpr double kMargin = 16.0;
constexpr double kKeyPan = 48.0;

}  // namespace

Canvas::Canvas(QWidget* parent) : QWidget(parent) {
  setObjectName(QStringLiteral("canvas"));
  setFocusPolicy(Qt::StrongFocus);
  setMinimumSize(160, 120);
  setAccessibleName(tr("Picture"));
  clear();
}

void Canvas::showPreviews(const std::vector<engine::Image>& previews, engine::PixelSize size) {
  const PictureGrid grid = arrangeInGrid(previews, size);
  setContent(grid.image, grid.size, true);
  setAccessibleDescription(tr("Preview of the picture that is being made"));
}

void Canvas::showPicture(const engine::Image& picture, const QString& description) {
  setContent(toQImage(picture), QSizeF(picture.size.width, picture.size.height), false);
  setAccessibleDescription(description);
}

void Canvas::clear() {
  setContent({}, {}, false);
  setAccessibleDescription(tr("No picture yet"));
}

void Canvas::setContent(QImage image, QSizeF size, bool preview) {
  const bool sameSize = size == size_;
  image_ = std::move(image);
  size_ = size;
  preview_ = preview;
  if (!sameSize) {
    limitPan();
    updateCursor();
    Q_EMIT zoomChanged();
  }
  update();
}

double Canvas::fitZoom() const {
  if (size_.isEmpty()) return 1.0;
  const double width = std::max(1.0, this->width() - 2 * kMargin);
  const double height = std::max(1.0, this->height() - 2 * kMargin);
  return std::min(width / size_.width(), height / size_.height()) * devicePixelRatioF();
}

double Canvas::zoom() const { return fitted_ ? fitZoom() : zoom_; }

void Canvas::zoomToFit() {
  fitted_ = true;
  pan_ = {};
  updateCursor();
  update();
  Q_EMIT zoomChanged();
}

void Canvas::setZoom(double zoom) { zoomAround(zoom, rect().center()); }

void Canvas::zoomIn() { setZoom(zoom() * kZoomStep); }

void Canvas::zoomOut() { setZoom(zoom() / kZoomStep); }

/// The picture's point under `point` stays where it is.
void Canvas::zoomAround(double zoom, QPointF point) {
  const double before = this->zoom();
  zoom_ = std::clamp(zoom, kSmallestZoom, kLargestZoom);
  fitted_ = false;
  const QPointF away = point - QRectF(rect()).center();
  pan_ = away - (away - pan_) * (zoom_ / before);
  limitPan();
  updateCursor();
  update();
  Q_EMIT zoomChanged();
}

QRectF Canvas::pictureRect() const {
  const QSizeF shown = size_ * (zoom() / devicePixelRatioF());
  const QPointF center = QRectF(rect()).center() + pan_;
  return {center - QPointF(shown.width() / 2, shown.height() / 2), shown};
}

bool Canvas::isPannable() const {
  const QRectF shown = pictureRect();
  return !image_.isNull() && (shown.width() > width() || shown.height() > height());
}

/// The picture may be moved until its edge meets the canvas' edge, no further.
void Canvas::limitPan() {
  const QSizeF shown = size_ * (zoom() / devicePixelRatioF());
  const double x = std::max(0.0, (shown.width() - width()) / 2 + kMargin);
  const double y = std::max(0.0, (shown.height() - height()) / 2 + kMargin);
  pan_.setX(shown.width() > width() ? std::clamp(pan_.x(), -x, x) : 0.0);
  pan_.setY(shown.height() > height() ? std::clamp(pan_.y(), -y, y) : 0.0);
}

void Canvas::updateCursor() {
  setCursor(dragging_ ? Qt::ClosedHandCursor : isPannable() ? Qt::OpenHandCursor : Qt::ArrowCursor);
}

void Canvas::setDropHint(const QString& hint) {
  if (hint == dropHint_) return;
  dropHint_ = hint;
  update();
}

void Canvas::wheelEvent(QWheelEvent* event) {
  if (image_.isNull()) return;
  zoomAround(zoom() * std::pow(kZoomStep, event->angleDelta().y() / kWheelNotch), event->position());
  event->accept();
}

void Canvas::mousePressEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton && event->button() != Qt::MiddleButton) return;
  dragging_ = isPannable();
  dragFrom_ = event->position() - pan_;
  updateCursor();
}

void Canvas::mouseMoveEvent(QMouseEvent* event) {
  if (!dragging_) return;
  pan_ = event->position() - dragFrom_;
  limitPan();
  update();
}

void Canvas::mouseReleaseEvent(QMouseEvent*) {
  dragging_ = false;
  updateCursor();
}

void Canvas::mouseDoubleClickEvent(QMouseEvent* event) {
  if (fitted_) {
    zoomAround(1.0, event->position());
  } else {
    zoomToFit();
  }
}

void Canvas::keyPressEvent(QKeyEvent* event) {
  QPointF move;
  switch (event->key()) {
    case Qt::Key_Left:
      move = {kKeyPan, 0};
      break;
    case Qt::Key_Right:
      move = {-kKeyPan, 0};
      break;
    case Qt::Key_Up:
      move = {0, kKeyPan};
      break;
    case Qt::Key_Down:
      move = {0, -kKeyPan};
      break;
    case Qt::Key_Plus:
      zoomIn();
      return;
    case Qt::Key_Minus:
      zoomOut();
      return;
    case Qt::Key_0:
      zoomToFit();
      return;
    case Qt::Key_1:
      setZoom(1.0);
      return;
    case Qt::Key_2:
      setZoom(2.0);
      return;
    default:
      QWidget::keyPressEvent(event);
      return;
  }
  pan_ += move;
  limitPan();
  update();
}

void Canvas::resizeEvent(QResizeEvent*) {
  limitPan();
  updateCursor();
  Q_EMIT zoomChanged();
}

}  // namespace studio::ui
