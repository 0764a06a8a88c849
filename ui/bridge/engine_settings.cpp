#include "ui/bridge/engine_settings.h"

#include "settings/app_settings.h"
#include "settings/paths.h"
#include "ui/bridge/text.h"

#include <QDir>

#include <algorithm>

namespace studio::ui {
namespace {

template <class Enum>
Enum choiceOr(const QString& id, Enum fallback) {
  return engine::choiceFrom<Enum>(toUtf8(id)).value_or(fallback);
}

}  // namespace

engine::EngineOptions engineOptionsFrom(const settings::AppSettings& settings) {
  engine::EngineOptions options;
  options.precision = choiceOr(settings.precision.get(), engine::Precision::Automatic);
  options.threads = settings.threads.get();
  options.memoryMode = choiceOr(settings.memoryMode.get(), engine::MemoryMode::Automatic);
  options.deviceBudget = {std::int64_t{std::max(0, settings.deviceBudget.get())} << 20};
  options.reserve = {std::int64_t{std::max(0, settings.reserve.get())} << 20};
  options.pinned = choiceOr(settings.pinned.get(), engine::PinnedMemory::Automatic);
  if (settings.keptModels.get() >= 0) options.keptModels = settings.keptModels.get();
  options.decode = choiceOr(settings.decodeMode.get(), engine::DecodeMode::Automatic);
  options.oomPolicy = choiceOr(settings.oomPolicy.get(), engine::OomPolicy::Lossless);
  options.preview = choiceOr(settings.preview.get(), engine::PreviewMode::Automatic);
  for (const QString& folder : settings::searchFolders(settings)) options.loraFolders.push_back(toPath(folder));
  options.embeddingFolders = options.loraFolders;
  options.cacheFolder = toPath(settings::cacheFolder());
  options.stateFolder = toPath(settings::stateFolder());
  options.choicesFile = toPath(settings::modelChoicesFile());
  return options;
}

engine::OutputOptions outputOptionsFrom(const settings::AppSettings& settings) {
  const auto format = choiceOr(settings.outputFormat.get(), engine::ImageFormat::Png);
  const QString name = settings.outputPattern.get() + QLatin1Char('.') + toQString(engine::idOf(format));
  engine::OutputOptions output;
  output.pattern = toUtf8(QDir(settings::outputFolderOrDefault(settings)).filePath(name));
  output.quality = settings.outputQuality.get();
  return output;
}

bool concernsEngine(const settings::AppSettings& settings, const QString& key) {
  return key == settings.precision.key() || key == settings.threads.key() || key == settings.preview.key() ||
         key == settings.memoryMode.key() || key == settings.decodeMode.key() || key == settings.oomPolicy.key() ||
         key == settings.deviceBudget.key() || key == settings.reserve.key() || key == settings.pinned.key() ||
         key == settings.keptModels.key() || key == settings.modelFixes.key() || key == settings.modelFolders.key() ||
         key == settings.loraFolders.key();
}

}  // namespace studio::ui
