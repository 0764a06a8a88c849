#pragma once

#include "engine/api/generation_request.h"
#include "engine/api/image.h"

#include <QAbstractListModel>
#include <QDateTime>
#include <QImage>
#include <QThreadPool>

#include <filesystem>
#include <vector>

namespace studio::ui {

/// One picture of this run.
struct FinishedPicture {
  std::filesystem::path path;
  engine::Seed seed;
  engine::PixelSize size;
  engine::GenerationRequest request;  ///< as submitted: its seed may be open, `seed` above is the picture's
  QDateTime time;
  engine::Image image;  ///< only of the newest ones; empty: read it from `path`
  QImage thumbnail;     ///< null until the worker has made it
};

/// The finished pictures of this run, newest first. Thumbnails are made on a thread of its own.
class GalleryModel : public QAbstractListModel {
  Q_OBJECT

 public:
  explicit GalleryModel(QObject* parent = nullptr);
  ~GalleryModel() override;

  void add(FinishedPicture picture);
  const FinishedPicture& picture(int row) const { return pictures_[static_cast<std::size_t>(row)]; }
  int rowOf(const std::filesystem::path& path) const;

  int rowCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  Qt::ItemFlags flags(const QModelIndex& index) const override;
  QStringList mimeTypes() const override;
  QMimeData* mimeData(const QModelIndexList& indexes) const override;

  static constexpr int kThumbnailSide = 192;  ///< pixels of the picture, shown at half that size at 200 %

 private:
  void startThumbnail(const FinishedPicture& picture);
  void takeThumbnail(const std::filesystem::path& path, const QImage& thumbnail);
  void forgetOldPixels();

  std::vector<FinishedPicture> pictures_;
  QThreadPool worker_;
};

}  // namespace studio::ui
