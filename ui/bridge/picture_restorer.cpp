#include "ui/bridge/picture_restorer.h"

#include "ui/bridge/engine_words.h"
#include "ui/bridge/field_names.h"
#include "ui/bridge/library.h"
#include "ui/bridge/picture_files.h"
#include "ui/bridge/request_draft.h"
#include "ui/bridge/text.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <utility>

namespace studio::ui {
namespace {

bool has(const engine::RequestPatch& patch, std::string_view id) {
  return std::find(patch.present.begin(), patch.present.end(), id) != patch.present.end();
}

void leaveOut(engine::RequestPatch& patch, std::string_view id) {
  std::erase_if(patch.present, [id](const std::string& field) { return field == id; });
}

/// A part of the picture's model from a file of its own: empty takes the draft's away, a name becomes the path `find`
/// knows, an unknown name is reported and leaves the draft's alone.
template <class Find>
void resolvePart(engine::RequestPatch& patch, std::string_view id, std::filesystem::path& file, RestoreReport& report,
                 Find find) {
  if (!has(patch, id) || file.empty()) return;
  if (const auto* known = find(pathText(file)); known != nullptr) {
    file = known->path;
    return;
  }
  report.missing.push_back({pathText(file), {}});
  leaveOut(patch, id);
}

/// The LoRA of a request that a name of neededFiles() means.
const engine::LoraUse* loraNamed(const std::vector<engine::LoraUse>& loras, const std::string& name) {
  const auto found = std::find_if(loras.begin(), loras.end(),
                                  [&](const engine::LoraUse& use) { return engine::utf8FromPath(use.file) == name; });
  return found == loras.end() ? nullptr : &*found;
}

QString translated(const char* text) { return QCoreApplication::translate("RestoreReport", text); }

}  // namespace

QStringList RestoreReport::missingNames() const {
  QStringList names;
  for (const MissingFile& file : missing) names.append(file.name);
  return names;
}

QString RestoreReport::text() const {
  const QString taken = translated(QT_TRANSLATE_NOOP("RestoreReport", "Settings taken over from the picture (%1): %2."))
                            .arg(source, QLocale().createSeparatedList(fields));
  if (missing.empty()) return taken;
  return taken + QLatin1Char(' ') +
         translated(QT_TRANSLATE_NOOP("RestoreReport", "Not in your folders: %1."))
             .arg(missingNames().join(QStringLiteral(", ")));
}

PictureRestorer::PictureRestorer(RequestDraft& draft, const Library& library, PictureFiles& files,
                                 const engine::Inspector& inspector, QObject* parent)
    : QObject(parent), draft_(draft), library_(library), files_(files), search_(inspector) {
  connectSignals();
}

void PictureRestorer::connectSignals() {
  connect(&files_, &PictureFiles::infoRead, this, &PictureRestorer::take);
  connect(&files_, &PictureFiles::failed, this,
          [this](const std::filesystem::path& file, const engine::EngineError& error) {
            const auto known = waiting_.find(file);
            if (known == waiting_.end()) return;
            waiting_.erase(known);
            Q_EMIT refused(file, inWords(error));
          });
  connect(&library_, &Library::changed, this, &PictureRestorer::takeWaiting);
  connect(&draft_.undoStack(), &QUndoStack::indexChanged, this, [this](int index) {
    if (index >= takenAt_) return;
    undone_ = true;
    search_.stop();
  });
  connect(&search_, &HashSearch::progressed, this, &PictureRestorer::searchProgressed);
  connect(&search_, &HashSearch::finished, this, &PictureRestorer::takeFound);
}

void PictureRestorer::restore(const std::filesystem::path& picture) {
  waiting_.insert(picture);
  files_.readInfo(picture);
}

void PictureRestorer::take(const std::filesystem::path& picture, const engine::PictureInfo& info) {
  const auto known = waiting_.find(picture);
  if (known == waiting_.end()) return;
  if (!library_.isScanned()) {
    beforeScan_.emplace_back(picture, info);
    return;
  }
  waiting_.erase(known);
  if (info.request.present.empty()) {
    Q_EMIT refused(picture, tr("“%1” holds no settings that can be read.").arg(pathText(picture.filename())));
    return;
  }
  engine::RequestPatch patch = info.request;
  report_ = resolveFiles(patch, info);
  draft_.apply(patch, tr("Settings from a picture"));
  asWritten_ = info.request.values;
  taken_ = draft_.request();
  takenAt_ = draft_.undoStack().index();
  undone_ = false;
  searchMissing(info);
  Q_EMIT restored(picture, report_);
}

void PictureRestorer::takeWaiting() {
  const auto pictures = std::exchange(beforeScan_, {});
  for (const auto& [picture, info] : pictures) take(picture, info);
}

/// Also ends the search for the former picture's files.
void PictureRestorer::searchMissing(const engine::PictureInfo& info) {
  std::vector<engine::NeededFile> wanted;
  for (const engine::NeededFile& file : engine::neededFiles(info)) {
    const QString name = toQString(file.name);
    const auto missing = std::find_if(report_.missing.begin(), report_.missing.end(),
                                      [&](const MissingFile& candidate) { return candidate.name == name; });
    if (missing == report_.missing.end() || file.hash.empty()) continue;
    missing->hash = toQString(file.hash);
    wanted.push_back(file);
  }
  report_.searching = !wanted.empty();
  search_.start(std::move(wanted), library_.files());
}

void PictureRestorer::takeFound(const std::vector<engine::NeededFile>& files) {
  if (!report_.searching) return;  // there was nothing to look for
  report_.searching = false;
  bool filledIn = false;
  draft_.closeStep();
  draft_.edit(
      [&](engine::GenerationRequest& request) {
        for (const engine::NeededFile& file : files) {
          if (file.found.empty()) continue;
          const QString name = toQString(file.name);
          std::erase_if(report_.missing, [&](const MissingFile& missing) { return missing.name == name; });
          const bool placed = !undone_ && putInPlace(file, request);
          filledIn = filledIn || placed;
          report_.foundByHash.append((placed ? tr("“%1” is here as “%2”, by its hash, and taken over.")
                                             : tr("“%1” is here as “%2”, by its hash."))
                                         .arg(name, pathText(file.found.filename())));
        }
      },
      tr("Files found by their hashes"));
  Q_EMIT searched(report_, filledIn);
}

/// False where the person has chosen something else since, or where the file is none of this kind.
bool PictureRestorer::putInPlace(const engine::NeededFile& file, engine::GenerationRequest& request) const {
  const auto put = [&](std::filesystem::path engine::GenerationRequest::*field, bool isOfThisKind) {
    if (!isOfThisKind || request.*field != taken_.*field) return false;
    request.*field = file.found;
    return true;
  };
  using Request = engine::GenerationRequest;
  if (file.kind == "model") return put(&Request::model, library_.findModel(file.found) != nullptr);
  if (file.kind == "refiner") return put(&Request::refiner, library_.findModel(file.found) != nullptr);
  const bool isLora = library_.findLora(file.found) != nullptr;
  const bool isPart = !isLora && library_.findModel(file.found) == nullptr;
  if (file.kind == "vae") return put(&Request::vae, isPart);
  if (file.kind == "text_encoder") return put(&Request::textEncoder, isPart);
  const engine::LoraUse* written = loraNamed(asWritten_.loras, file.name);
  if (file.kind != "lora" || written == nullptr || !isLora) return false;
  const auto isUsed = [&](const engine::LoraUse& use) { return use.file == file.found; };
  if (std::any_of(request.loras.begin(), request.loras.end(), isUsed)) return false;
  request.loras.push_back(*written);
  request.loras.back().file = file.found;
  return true;
}

/// Names become paths of this machine. A picture says how to make itself, so it is one picture: batch 1 × 1.
RestoreReport PictureRestorer::resolveFiles(engine::RequestPatch& patch, const engine::PictureInfo& info) const {
  RestoreReport report;
  report.source = toQString(info.source);
  if (has(patch, "profile") && patch.values.profile != engine::Profile::Studio)
    report.profile = toQString(std::string(engine::labelOf(patch.values.profile)));
  for (const engine::PictureNote& note : info.notes) report.notes.append(inWords(engine::noteSentence(note)));
  report.promptChanges = info.promptChanges;
  const QString modelName = patch.values.model.empty() ? toQString(info.modelName) : pathText(patch.values.model);
  if (const engine::ModelInfo* model = library_.findModelNamed(modelName); model != nullptr) {
    patch.values.model = model->path;
    if (!has(patch, "model")) patch.present.emplace_back("model");
  } else {
    leaveOut(patch, "model");
    if (!modelName.isEmpty()) report.missing.push_back({modelName, {}});
  }
  std::vector<engine::LoraUse> loras;
  for (engine::LoraUse use : patch.values.loras) {
    const engine::LoraInfo* lora = library_.findLoraNamed(pathText(use.file));
    if (lora == nullptr) {
      report.missing.push_back({pathText(use.file), {}});
      continue;
    }
    use.file = lora->path;
    loras.push_back(std::move(use));
  }
  patch.values.loras = std::move(loras);
  const auto findPart = [this](const QString& name) { return library_.findOtherNamed(name); };
  resolvePart(patch, "vae", patch.values.vae, report, findPart);
  resolvePart(patch, "text_encoder", patch.values.textEncoder, report, findPart);
  resolvePart(patch, "text_encoder_2", patch.values.textEncoder2, report, findPart);
  resolveRefiner(patch, report);
  addNamedElsewhere(info, report);
  for (const std::string& id : patch.present) {
    if (id != "loras" || !patch.values.loras.empty()) report.fields.append(fieldName(id));
  }
  if (!has(patch, "refiner")) patch.present.emplace_back("refiner");  // a picture that names none had none
  return report;
}

/// Textual inversions and LoRAs that only the picture's list of hashes names.
void PictureRestorer::addNamedElsewhere(const engine::PictureInfo& info, RestoreReport& report) const {
  for (const engine::NeededFile& file : engine::neededFiles(info)) {
    const QString name = toQString(file.name);
    if (file.kind != "embedding" || library_.findOtherNamed(name) != nullptr ||
        library_.findLoraNamed(name) != nullptr || library_.findModelNamed(name) != nullptr)
      continue;
    report.missing.push_back({name, {}});
  }
}

void PictureRestorer::resolveRefiner(engine::RequestPatch& patch, RestoreReport& report) const {
  const QString name = pathText(patch.values.refiner);
  const engine::ModelInfo* model = name.isEmpty() ? nullptr : library_.findModelNamed(name);
  patch.values.refiner = model == nullptr ? std::filesystem::path() : model->path;
  if (model != nullptr) return;
  leaveOut(patch, "refiner");
  if (!name.isEmpty()) report.missing.push_back({name, {}});
}

}  // namespace studio::ui
