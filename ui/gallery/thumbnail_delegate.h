#pragma once

#include <QStyledItemDelegate>

namespace studio::ui {

/// Draws a thumbnail as a square, the selected one with a frame.
class ThumbnailDelegate : public QStyledItemDelegate {
  Q_OBJECT

 public:
  explicit ThumbnailDelegate(int side, QObject* parent = nullptr) : QStyledItemDelegate(parent), side_(side) {}

  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
  QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

 private:
  int side_;
};

}  // namespace studio::ui
