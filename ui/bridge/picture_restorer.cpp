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
  report.missing.append(pathText(file));
  leaveOut(patch, id);
}

QString translated(const char* text) { return QCoreApplication::translate("RestoreReport", text); }

}  // namespace

QString RestoreReport::text() const {
  const QString taken = translated(QT_TRANSLATE_NOOP("RestoreReport", "Settings taken over from the picture (%1): %2."))
                            .arg(source, QLocale().createSeparatedList(fields));
  if (missing.isEmpty()) return taken;
  return taken + QLatin1Char(' ') +
         translated(QT_TRANSLATE_NOOP("RestoreReport", "Not in your folders: %1."))
             .arg(missing.join(QStringLiteral(", ")));
}

PictureRestorer::PictureRestorer(RequestDraft& draft, const Library& library, PictureFiles& files, QObject* parent)
    : QObject(parent), draft_(draft), library_(library), files_(files) {
  connect(&files_, &PictureFiles::infoRead, this, &PictureRestorer::take);
  connect(&files_, &PictureFiles::failed, this,
          [this](const std::filesystem::path& file, const engine::EngineError& error) {
            const auto known = waiting_.find(file);
            if (known == waiting_.end()) return;
            waiting_.erase(known);
            Q_EMIT refused(file, inWords(error));
          });
}

void PictureRestorer::restore(const std::filesystem::path& picture) {
  waiting_.insert(picture);
  files_.readInfo(picture);
}

void PictureRestorer::take(const std::filesystem::path& picture, const engine::PictureInfo& info) {
  const auto known = waiting_.find(picture);
  if (known == waiting_.end()) return;
  waiting_.erase(known);
  if (info.request.present.empty()) {
    Q_EMIT refused(picture, tr("“%1” holds no settings that can be read.").arg(pathText(picture.filename())));
    return;
  }
  engine::RequestPatch patch = info.request;
  const RestoreReport report = resolveFiles(patch, info);
  draft_.apply(patch, tr("Settings from a picture"));
  Q_EMIT restored(picture, report);
}

/// Names become paths of this machine. A picture says how to make itself, so it is one picture: batch 1 × 1.
RestoreReport PictureRestorer::resolveFiles(engine::RequestPatch& patch, const engine::PictureInfo& info) const {
  RestoreReport report;
  report.source = toQString(info.source);
  for (const engine::PictureNote& note : info.notes) report.notes.append(inWords(engine::noteSentence(note)));
  report.promptChanges = info.promptChanges;
  const QString modelName = patch.values.model.empty() ? toQString(info.modelName) : pathText(patch.values.model);
  if (const engine::ModelInfo* model = library_.findModelNamed(modelName); model != nullptr) {
    patch.values.model = model->path;
    if (!has(patch, "model")) patch.present.emplace_back("model");
  } else {
    leaveOut(patch, "model");
    if (!modelName.isEmpty()) report.missing.append(modelName);
  }
  std::vector<engine::LoraUse> loras;
  for (engine::LoraUse use : patch.values.loras) {
    const engine::LoraInfo* lora = library_.findLoraNamed(pathText(use.file));
    if (lora == nullptr) {
      report.missing.append(pathText(use.file));
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
  for (const std::string& id : patch.present) report.fields.append(fieldName(id));
  if (!has(patch, "refiner")) patch.present.emplace_back("refiner");  // a picture that names none had none
  return report;
}

void PictureRestorer::resolveRefiner(engine::RequestPatch& patch, RestoreReport& report) const {
  const QString name = pathText(patch.values.refiner);
  const engine::ModelInfo* model = name.isEmpty() ? nullptr : library_.findModelNamed(name);
  patch.values.refiner = model == nullptr ? std::filesystem::path() : model->path;
  if (model != nullptr) return;
  leaveOut(patch, "refiner");
  if (!name.isEmpty()) report.missing.append(name);
}

}  // namespace studio::ui
