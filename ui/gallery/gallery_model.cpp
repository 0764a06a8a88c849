#include "ui/gallery/gallery_model.h"

#include "ui/bridge/picture_image.h"
#include "ui/bridge/text.h"

#include <QCoreApplication>
#include <QLocale>
#include <QMimeData>
#include <QUrl>

#include <utility>

namespace studio::ui {
namespace {

constexpr std::size_t kPicturesInMemory = 24;
constexpr qsizetype kPromptStart = 80;

struct Words {
  Q_DECLARE_TR_FUNCTIONS(GalleryModel)
};

/// What a screen reader says of a picture: prompt start, size, seed, time.
QString spoken(const FinishedPicture& picture) {
  QString prompt = toQString(picture.request.prompt).simplified();
  if (prompt.size() > kPromptStart) prompt = prompt.left(kPromptStart) + u'…';
  return Words::tr("%1, %2 × %3 pixels, seed %4, %5")
      .arg(prompt.isEmpty() ? Words::tr("No prompt") : prompt)
      .arg(picture.size.width)
      .arg(picture.size.height)
      .arg(QString::number(picture.seed.value), QLocale().toString(picture.time.time(), QLocale::ShortFormat));
}

}  // namespace

GalleryModel::GalleryModel(QObject* parent) : QAbstractListModel(parent) { worker_.setMaxThreadCount(1); }

GalleryModel::~GalleryModel() {
  worker_.clear();
  worker_.waitForDone();
}

void GalleryModel::add(FinishedPicture picture) {
  beginInsertRows({}, 0, 0);
  pictures_.insert(pictures_.begin(), std::move(picture));
  endInsertRows();
  forgetOldPixels();
  startThumbnail(pictures_.front());
}

void GalleryModel::forgetOldPixels() {
  if (pictures_.size() > kPicturesInMemory) pictures_[kPicturesInMemory].image = {};
}

void GalleryModel::startThumbnail(const FinishedPicture& picture) {
  worker_.start([this, path = picture.path, image = picture.image] {
    const QImage full = toQImage(image);
    const QImage small =
        full.isNull() ? full
                      : full.scaled(kThumbnailSide, kThumbnailSide, Qt::KeepAspectRatio, Qt::SmoothTransformation);
    QMetaObject::invokeMethod(this, [this, path, small] { takeThumbnail(path, small); });
  });
}

void GalleryModel::takeThumbnail(const std::filesystem::path& path, const QImage& thumbnail) {
  const int row = rowOf(path);
  if (row < 0) return;
  pictures_[static_cast<std::size_t>(row)].thumbnail = thumbnail;
  Q_EMIT dataChanged(index(row), index(row), {Qt::DecorationRole});
}

int GalleryModel::rowOf(const std::filesystem::path& path) const {
  for (int row = 0; row < rowCount(); ++row) {
    if (picture(row).path == path) return row;
  }
  return -1;
}

int GalleryModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(pictures_.size());
}

QVariant GalleryModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount()) return {};
  const FinishedPicture& shown = picture(index.row());
  switch (role) {
    case Qt::DecorationRole:
      return shown.thumbnail;
    case Qt::ToolTipRole:
      return QString(spoken(shown) + u'\n' + pathText(shown.path));
    case Qt::AccessibleTextRole:
      return spoken(shown);
    default:
      return {};
  }
}

Qt::ItemFlags GalleryModel::flags(const QModelIndex& index) const {
  return QAbstractListModel::flags(index) | (index.isValid() ? Qt::ItemIsDragEnabled : Qt::NoItemFlags);
}

QStringList GalleryModel::mimeTypes() const { return {QStringLiteral("text/uri-list")}; }

QMimeData* GalleryModel::mimeData(const QModelIndexList& indexes) const {
  QList<QUrl> urls;
  for (const QModelIndex& index : indexes) urls.append(QUrl::fromLocalFile(pathText(picture(index.row()).path)));
  auto* data = new QMimeData;
  data->setUrls(urls);
  return data;
}

}  // namespace studio::ui
