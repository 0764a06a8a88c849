#pragma once

#include "engine/api/image_io.h"

#include <QObject>
#include <QThreadPool>

#include <filesystem>

namespace studio::ui {

/// Reads pictures on a thread of its own; the answers are signals on the GUI thread.
class PictureFiles : public QObject {
  Q_OBJECT

 public:
  explicit PictureFiles(QObject* parent = nullptr);
  ~PictureFiles() override;

  void readInfo(const std::filesystem::path& file);
  void readPixels(const std::filesystem::path& file);

 Q_SIGNALS:
  void infoRead(const std::filesystem::path& file, const engine::PictureInfo& info);
  void pixelsRead(const std::filesystem::path& file, const engine::Image& image);
  void failed(const std::filesystem::path& file, const engine::EngineError& error);

 private:
  QThreadPool worker_;
};

}  // namespace studio::ui
