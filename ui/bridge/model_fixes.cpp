#include "ui/bridge/model_fixes.h"

#include "settings/app_settings.h"
#include "ui/bridge/engine_settings.h"
#include "ui/bridge/text.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <system_error>

namespace studio::ui {
namespace {

constexpr int kMostModels = 200;

QJsonObject allFixes(const settings::AppSettings& settings) {
  return QJsonDocument::fromJson(settings.modelFixes.get().toUtf8()).object();
}

QString keyOf(const std::filesystem::path& model) {
  std::error_code failed;
  const std::filesystem::path whole = std::filesystem::weakly_canonical(model, failed);
  return pathText(failed ? model : whole);
}

template <class Enum>
void read(const QJsonObject& json, const char* key, std::optional<Enum>& value) {
  value = engine::choiceFrom<Enum>(toUtf8(json[QLatin1String(key)].toString()));
}

template <class Enum>
void write(QJsonObject& json, const char* key, const std::optional<Enum>& value) {
  if (value) json[QLatin1String(key)] = toQString(engine::idOf(*value));
}

engine::OptionsPatch patchFrom(const QJsonObject& json) {
  engine::OptionsPatch patch;
  read(json, "memory_mode", patch.memoryMode);
  read(json, "decode_mode", patch.decode);
  read(json, "oom_policy", patch.oomPolicy);
  read(json, "preview", patch.preview);
  const int budget = json[QLatin1String("device_budget")].toInt();  // MiB
  if (budget > 0) patch.deviceBudget = engine::Bytes{std::int64_t{budget} << 20};
  return patch;
}

void addTo(QJsonObject& json, const engine::OptionsPatch& patch) {
  write(json, "memory_mode", patch.memoryMode);
  write(json, "decode_mode", patch.decode);
  write(json, "oom_policy", patch.oomPolicy);
  write(json, "preview", patch.preview);
  if (patch.deviceBudget) json[QLatin1String("device_budget")] = static_cast<int>(patch.deviceBudget->count >> 20);
}

}  // namespace

engine::OptionsPatch modelFix(const settings::AppSettings& settings, const std::filesystem::path& model) {
  if (settings.modelFixes.get().isEmpty()) return {};
  return patchFrom(allFixes(settings)[keyOf(model)].toObject());
}

engine::EngineOptions engineOptionsFor(const settings::AppSettings& settings, const std::filesystem::path& model) {
  engine::EngineOptions options = engineOptionsFrom(settings);
  engine::applyPatch(modelFix(settings, model), options);
  return options;
}

ModelFixStep::ModelFixStep(settings::AppSettings& settings, const std::filesystem::path& model,
                           const engine::OptionsPatch& patch, const QString& what)
    : QUndoCommand(what), settings_(settings), before_(settings.modelFixes.get()) {
  QJsonObject all = allFixes(settings);
  const QString key = keyOf(model);
  QJsonObject own = all[key].toObject();
  addTo(own, patch);
  if (patch == engine::OptionsPatch()) {
    all.remove(key);
  } else if (all.contains(key) || all.size() < kMostModels) {
    all[key] = own;
  }
  after_ = all.isEmpty() ? QString() : QString::fromUtf8(QJsonDocument(all).toJson(QJsonDocument::Compact));
}

void ModelFixStep::redo() { settings_.modelFixes.set(after_); }

void ModelFixStep::undo() { settings_.modelFixes.set(before_); }

}  // namespace studio::ui
