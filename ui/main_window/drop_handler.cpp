#include "ui/main_window/drop_handler.h"

#include "engine/api/model_catalog.h"
#include "ui/bridge/engine_words.h"
#include "ui/bridge/text.h"
#include "ui/main_window/workspace.h"

#include <QFileInfo>
#include <QMimeData>
#include <QUrl>

#include <algorithm>

namespace studio::ui {
namespace {

enum class Kind { Picture, Weights, Folder, Unknown };

Kind kindOf(const std::filesystem::path& file) {
  const QString suffix = QFileInfo(pathText(file)).suffix().toLower();
  const QStringList pictures{QStringLiteral("png"), QStringLiteral("jpg"), QStringLiteral("jpeg"),
                             QStringLiteral("webp")};
  if (pictures.contains(suffix)) return Kind::Picture;
  if (engine::isDiffusersFolder(file)) return Kind::Weights;
  if (QFileInfo(pathText(file)).isDir()) return Kind::Folder;
  return engine::isWeightFile(file) ? Kind::Weights : Kind::Unknown;
}

std::vector<std::filesystem::path> filesIn(const QMimeData& data) {
  std::vector<std::filesystem::path> files;
  const QList<QUrl> urls = data.urls();
  for (const QUrl& url : urls) {
    if (url.isLocalFile()) files.push_back(toPath(url.toLocalFile()));
  }
  return files;
}

}  // namespace

DropHandler::DropHandler(Workspace& workspace, QObject* parent) : QObject(parent), workspace_(workspace) {
  connectSignals();
}

void DropHandler::connectSignals() {
  connect(&workspace_.restorer, &PictureRestorer::restored, this,
          [this](const std::filesystem::path& picture, const RestoreReport& report) {
            Q_EMIT pictureTaken(picture);
            Q_EMIT done(report.text(), true);
          });
  connect(&workspace_.restorer, &PictureRestorer::searched, this, [this](const RestoreReport& report, bool filledIn) {
    if (filledIn) Q_EMIT done(report.foundByHash.join(u' '), true);
  });
  connect(&workspace_.restorer, &PictureRestorer::refused, this,
          [this](const std::filesystem::path&, const QString& reason) { Q_EMIT done(reason, false); });
  connect(&workspace_.library, &Library::fileAdded, this, &DropHandler::takeAdded);
  connect(&workspace_.library, &Library::fileRefused, this,
          [this](const std::filesystem::path& file, const engine::EngineError& error) {
            if (expected_.erase(file) > 0) Q_EMIT done(inWords(error), false);
          });
}

QString DropHandler::hintFor(const QMimeData& data) {
  const std::vector<std::filesystem::path> files = filesIn(data);
  const auto any = [&files](Kind kind) {
    return std::any_of(files.begin(), files.end(), [kind](const auto& file) { return kindOf(file) == kind; });
  };
  if (any(Kind::Picture)) return tr("Drop to take over the picture's settings");
  if (any(Kind::Weights)) return tr("Drop to use this LoRA or model");
  return files.empty() ? QString() : tr("Pictures, LoRAs and models can be dropped here");
}

void DropHandler::take(const QMimeData& data) { takeFiles(filesIn(data)); }

/// Of several pictures only the first can give its settings.
void DropHandler::takeFiles(const std::vector<std::filesystem::path>& files) {
  bool pictureTaken = false;
  for (const auto& file : files) {
    const Kind kind = kindOf(file);
    if (kind == Kind::Picture && !pictureTaken) {
      pictureTaken = true;
      workspace_.restorer.restore(file);
    } else if (kind == Kind::Weights) {
      expected_.insert(file);
      workspace_.library.addFile(file);
    } else if (kind == Kind::Folder) {
      Q_EMIT done(tr("“%1” is no diffusers model. To find the models in a folder, add it in the Models menu.")
                      .arg(pathText(file.filename())),
                  false);
    } else if (kind == Kind::Unknown) {
      Q_EMIT done(tr("“%1” cannot be used. What can be: pictures (PNG, JPEG, WebP), models and LoRAs (safetensors, "
                     "ckpt, pt, gguf) and diffusers folders.")
                      .arg(pathText(file.filename())),
                  false);
    }
  }
}

void DropHandler::takeAdded(const engine::FileInfo& info) {
  const std::filesystem::path file = std::visit([](const auto& known) { return known.path; }, info);
  if (expected_.erase(file) == 0) return;
  std::visit(engine::Visitor{[this](const engine::LoraInfo& lora) { addLora(lora); },
                             [this](const engine::ModelInfo& model) { useModel(model); },
                             [this](const engine::OtherInfo& other) {
                               Q_EMIT done(tr("“%1” is neither a LoRA nor a model (%2).")
                                               .arg(pathText(other.path.filename()), toQString(other.kind)),
                                           false);
                             }},
             info);
}

void DropHandler::addLora(const engine::LoraInfo& lora) {
  const QString name = toQString(lora.name);
  if (!lora.usable) {
    Q_EMIT done(tr("The LoRA “%1” cannot be used: %2").arg(name, toQString(lora.reason)), false);
    return;
  }
  const auto& used = workspace_.draft.request().loras;
  if (std::any_of(used.begin(), used.end(), [&](const engine::LoraUse& use) { return use.file == lora.path; })) {
    Q_EMIT done(tr("The LoRA “%1” is already in use.").arg(name), false);
    return;
  }
  workspace_.draft.edit(
      [&](engine::GenerationRequest& request) {
        request.loras.push_back({lora.path, 1.0});
      },
      tr("LoRA “%1”").arg(name));
  Q_EMIT done(tr("The LoRA “%1” is in use.").arg(name), true);
}

void DropHandler::useModel(const engine::ModelInfo& model) {
  const QString name = toQString(model.name);
  workspace_.draft.edit([&](engine::GenerationRequest& request) { request.model = model.path; },
                        tr("Model “%1”").arg(name));
  Q_EMIT done(tr("The model is now “%1”.").arg(name), true);
}

}  // namespace studio::ui
