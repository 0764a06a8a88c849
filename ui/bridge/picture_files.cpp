#include "ui/bridge/picture_files.h"

#include <utility>

namespace studio::ui {

PictureFiles::PictureFiles(QObject* parent) : QObject(parent) { worker_.setMaxThreadCount(1); }

PictureFiles::~PictureFiles() {
  worker_.clear();
  worker_.waitForDone();
}

void PictureFiles::readInfo(const std::filesystem::path& file) {
  worker_.start([this, file] {
    engine::Result<engine::PictureInfo> result = engine::readPictureInfo(file);
    QMetaObject::invokeMethod(this, [this, file, result = std::move(result)] {
      if (result) {
        Q_EMIT infoRead(file, result.value());
      } else {
        Q_EMIT failed(file, result.error());
      }
    });
  });
}

void PictureFiles::readPixels(const std::filesystem::path& file) {
  worker_.start([this, file] {
    engine::Result<engine::Image> result = engine::readImage(file);
    QMetaObject::invokeMethod(this, [this, file, result = std::move(result)] {
      if (result) {
        Q_EMIT pixelsRead(file, result.value());
      } else {
        Q_EMIT failed(file, result.error());
      }
    });
  });
}

}  // namespace studio::ui
