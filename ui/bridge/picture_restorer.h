#pragma once

#include "engine/api/image_io.h"

#include <QObject>
#include <QString>
#include <QStringList>

#include <filesystem>
#include <set>
#include <vector>

namespace studio::ui {

class Library;
class PictureFiles;
class RequestDraft;

/// What came out of restoring settings from a picture.
struct RestoreReport {
  QString source;                                   ///< "Kiln Studio", "A1111"
  QStringList fields;                               ///< translated names of what was taken over
  QStringList missing;                              ///< names of models and LoRAs that are not in the folders
  QStringList notes;                                ///< sentences: what cannot be honoured exactly
  std::vector<engine::PromptChange> promptChanges;  ///< what was translated into our grammar
  /// One or two sentences for people.
  QString text() const;
};

/// Takes over the settings written in a picture: one undo step. Files are found by name in the library; a model
/// or LoRA that is not there is named and left out, the rest is taken.
class PictureRestorer : public QObject {
  Q_OBJECT

 public:
  PictureRestorer(RequestDraft& draft, const Library& library, PictureFiles& files, QObject* parent = nullptr);

  void restore(const std::filesystem::path& picture);

 Q_SIGNALS:
  void restored(const std::filesystem::path& picture, const RestoreReport& report);
  /// Nothing was changed; `reason` is a sentence for people.
  void refused(const std::filesystem::path& picture, const QString& reason);

 private:
  void take(const std::filesystem::path& picture, const engine::PictureInfo& info);
  RestoreReport resolveFiles(engine::RequestPatch& patch, const engine::PictureInfo& info) const;
  void resolveRefiner(engine::RequestPatch& patch, RestoreReport& report) const;

  RequestDraft& draft_;
  const Library& library_;
  PictureFiles& files_;
  std::multiset<std::filesystem::path> waiting_;
};

}  // namespace studio::ui
