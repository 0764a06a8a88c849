#include "ui/gallery/thumbnail_delegate.h"

#include "ui/style/theme_colors.h"

#include <QImage>
#include <QPainter>
#include <QPainterPath>

namespace studio::ui {
namespace {

constexpr int kFrame = 4;
constexpr double kRadius = 4.0;

/// The largest rectangle of the picture's shape inside `area`.
QRectF fitted(const QSizeF& picture, const QRectF& area) {
  const QSizeF size = picture.scaled(area.size(), Qt::KeepAspectRatio);
  return {area.center() - QPointF(size.width() / 2, size.height() / 2), size};
}

}  // namespace

void ThumbnailDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
  const ThemeColors colors = ThemeColors::of(option.palette);
  // The view may give more height than asked for.
  const QRectF area(option.rect.left() + kFrame, option.rect.top() + kFrame, side_, side_);
  painter->save();
  painter->setRenderHint(QPainter::Antialiasing);
  painter->setRenderHint(QPainter::SmoothPixmapTransform);
  const auto thumbnail = index.data(Qt::DecorationRole).value<QImage>();
  painter->setPen(Qt::NoPen);
  painter->setBrush(colors.canvas);
  painter->drawRoundedRect(area, kRadius, kRadius);
  if (!thumbnail.isNull()) painter->drawImage(fitted(thumbnail.size(), area), thumbnail);
  const bool selected = option.state.testFlag(QStyle::State_Selected);
  const bool hovered = option.state.testFlag(QStyle::State_MouseOver);
  if (selected || hovered) {
    painter->setBrush(Qt::NoBrush);
    painter->setPen(QPen(selected ? colors.accent : colors.lineStrong, 2));
    painter->drawRoundedRect(area.adjusted(-2, -2, 2, 2), kRadius, kRadius);
  }
  painter->restore();
}

QSize ThumbnailDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const {
  return {side_ + 2 * kFrame, side_ + 2 * kFrame};
}

}  // namespace studio::ui
