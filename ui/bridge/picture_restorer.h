#pragma once

#include "engine/api/image_io.h"
#include "engine/api/needed_files.h"
#include "ui/bridge/hash_search.h"

#include <QObject>
#include <QString>
#include <QStringList>

#include <filesystem>
#include <set>
#include <utility>
#include <vector>

namespace studio::ui {

class Library;
class PictureFiles;
class RequestDraft;

/// A file the picture names that no file of this name here is.
struct MissingFile {
  QString name;
  QString hash;  ///< as the picture says it; may be empty
  bool operator==(const MissingFile&) const = default;
};

/// What came out of restoring settings from a picture.
struct RestoreReport {
  QString source;                                   ///< "Kiln Studio", "A1111"
  QString profile;                                  ///< whose rules are followed; empty: the studio's own
  QStringList fields;                               ///< translated names of what was taken over
  std::vector<MissingFile> missing;                 ///< models, LoRAs, … that are not in the folders
  QStringList foundByHash;                          ///< sentences: what has another name here
  bool searching = false;                           ///< the missing ones are being looked for by their hashes
  QStringList notes;                                ///< sentences: what cannot be honoured exactly
  std::vector<engine::PromptChange> promptChanges;  ///< what was translated into our grammar
  QStringList missingNames() const;
  /// One or two sentences for people.
  QString text() const;
};

/// Takes over the settings written in a picture: one undo step. Files are found by name in the library; a model
/// or LoRA that is not there is named and left out, the rest is taken. What is missing is then looked for by hash,
/// where the picture says one, and takes its place unless the person has chosen something else meanwhile or taken
/// the first step back: a second step. A picture that comes before the first scan is done waits for it.
class PictureRestorer : public QObject {
  Q_OBJECT

 public:
  PictureRestorer(RequestDraft& draft, const Library& library, PictureFiles& files, const engine::Inspector& inspector,
                  QObject* parent = nullptr);

  void restore(const std::filesystem::path& picture);
  /// Ends the search by hash; searched() follows.
  void stopSearch() { search_.stop(); }

 Q_SIGNALS:
  void restored(const std::filesystem::path& picture, const RestoreReport& report);
  /// Nothing was changed; `reason` is a sentence for people.
  void refused(const std::filesystem::path& picture, const QString& reason);
  void searchProgressed(qint64 readBytes, qint64 ofBytes);
  /// The search by hash is over; `filledIn` when it changed the draft.
  void searched(const RestoreReport& report, bool filledIn);

 private:
  void take(const std::filesystem::path& picture, const engine::PictureInfo& info);
  RestoreReport resolveFiles(engine::RequestPatch& patch, const engine::PictureInfo& info) const;
  void resolveRefiner(engine::RequestPatch& patch, RestoreReport& report) const;
  void connectSignals();
  void takeWaiting();
  void searchMissing(const engine::PictureInfo& info);
  void takeFound(const std::vector<engine::NeededFile>& files);
  bool putInPlace(const engine::NeededFile& file, engine::GenerationRequest& request) const;
  void addNamedElsewhere(const engine::PictureInfo& info, RestoreReport& report) const;

  RequestDraft& draft_;
  const Library& library_;
  PictureFiles& files_;
  HashSearch search_;
  std::multiset<std::filesystem::path> waiting_;
  std::vector<std::pair<std::filesystem::path, engine::PictureInfo>> beforeScan_;  ///< read before the library was
  RestoreReport report_;                                                           ///< of the newest picture
  engine::GenerationRequest asWritten_;                                            ///< what it says …
  engine::GenerationRequest taken_;  ///< … and the draft after it was taken over
  int takenAt_ = 0;                  ///< the undo stack's index then
  bool undone_ = false;              ///< it was taken back since: nothing is filled in any more
};

}  // namespace studio::ui
