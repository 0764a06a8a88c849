#pragma once

#include "engine/api/engine_options.h"

#include <QString>
#include <QUndoCommand>

#include <filesystem>

namespace studio::settings {
class AppSettings;
}

namespace studio::ui {

/// What was chosen for a single model when memory ran out, where it differs from the settings; nothing for others.
/// Kept by the file's path.
engine::OptionsPatch modelFix(const settings::AppSettings& settings, const std::filesystem::path& model);

/// What the settings mean for the engine when it works with this model.
engine::EngineOptions engineOptionsFor(const settings::AppSettings& settings, const std::filesystem::path& model);

/// A choice for one model, on top of those before, as an undo step; an empty patch forgets them all. The settings must
/// outlive it.
class ModelFixStep : public QUndoCommand {
 public:
  ModelFixStep(settings::AppSettings& settings, const std::filesystem::path& model, const engine::OptionsPatch& patch,
               const QString& what);

  void redo() override;
  void undo() override;

 private:
  settings::AppSettings& settings_;
  QString before_, after_;
};

}  // namespace studio::ui
