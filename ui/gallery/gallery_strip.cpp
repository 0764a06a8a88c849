#include "ui/gallery/gallery_strip.h"

#include "ui/gallery/gallery_model.h"
#include "ui/gallery/thumbnail_delegate.h"
#include "ui/widgets/text_role.h"

#include <QLabel>
#include <QListView>
#include <QMenu>
#include <QScrollBar>
#include <QVBoxLayout>

namespace studio::ui {
namespace {

constexpr int kThumbnail = 84;
constexpr int kRowHeight = kThumbnail + 8 + 12;  ///< frame of the delegate, and the scroll bar

}  // namespace

GalleryStrip::GalleryStrip(GalleryModel& model, QWidget* parent) : PanelFrame(tr("Pictures"), parent), model_(model) {
  buildLayout();
  connectSignals();
  updateCount();
}

void GalleryStrip::buildLayout() {
  list_ = new QListView(this);
  list_->setObjectName(QStringLiteral("gallery"));
  list_->setAccessibleName(tr("Pictures of this run"));
  list_->setFlow(QListView::LeftToRight);
  list_->setWrapping(false);
  list_->setUniformItemSizes(true);
  list_->setMouseTracking(true);
  list_->setSelectionMode(QAbstractItemView::SingleSelection);
  list_->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  list_->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
  list_->setItemDelegate(new ThumbnailDelegate(kThumbnail, list_));
  list_->setDragEnabled(true);
  list_->setDragDropMode(QAbstractItemView::DragOnly);
  list_->setContextMenuPolicy(Qt::CustomContextMenu);
  list_->setModel(&model_);
  empty_ = new QLabel(tr("No pictures yet. What you generate is kept here and on disk."), this);
  setTextRole(empty_, TextRole::Muted);
  empty_->setAlignment(Qt::AlignCenter);
  empty_->setWordWrap(true);
  content()->addWidget(empty_);
  content()->addWidget(list_);
  list_->setFixedHeight(kRowHeight);
  empty_->setFixedHeight(kRowHeight);
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void GalleryStrip::connectSignals() {
  connect(&model_, &QAbstractItemModel::rowsAboutToBeInserted, this, [this] { followsNewest_ = currentRow() <= 0; });
  connect(&model_, &QAbstractItemModel::rowsInserted, this, [this] { takeNewPicture(followsNewest_); });
  connect(list_->selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex& index) {
    if (index.isValid()) Q_EMIT pictureChosen(index.row());
  });
  // A click on the current picture brings it back when something else is on the canvas.
  connect(list_, &QListView::clicked, this, [this](const QModelIndex& index) { Q_EMIT pictureClicked(index.row()); });
  connect(list_, &QListView::doubleClicked, this,
          [this](const QModelIndex& index) { Q_EMIT useSettingsWanted(index.row()); });
  connect(list_, &QListView::customContextMenuRequested, this, &GalleryStrip::openMenu);
}

void GalleryStrip::takeNewPicture(bool wasFollowing) {
  updateCount();
  if (wasFollowing) selectNewest();
}

int GalleryStrip::currentRow() const { return list_->currentIndex().row(); }

void GalleryStrip::selectNewest() {
  if (model_.rowCount() == 0) return;
  list_->setCurrentIndex(model_.index(0));
  list_->scrollToTop();
}

void GalleryStrip::updateCount() {
  const int count = model_.rowCount();
  list_->setVisible(count > 0);
  empty_->setVisible(count == 0);
  setNote(count > 0 ? tr("%n in this run", nullptr, count) : QString());
}

void GalleryStrip::openMenu(const QPoint& point) {
  const QModelIndex index = list_->indexAt(point);
  if (!index.isValid()) return;
  const int row = index.row();
  auto* menu = new QMenu(this);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  menu->addAction(tr("Use its settings"), this, [this, row] { Q_EMIT useSettingsWanted(row); });
  menu->addAction(tr("Use its seed"), this, [this, row] { Q_EMIT useSeedWanted(row); });
  menu->addSeparator();
  menu->addAction(tr("Copy picture"), this, [this, row] { Q_EMIT copyWanted(row); });
  menu->addAction(tr("Show in folder"), this, [this, row] { Q_EMIT showInFolderWanted(row); });
  menu->popup(list_->viewport()->mapToGlobal(point));
}

}  // namespace studio::ui
