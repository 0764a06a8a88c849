#pragma once

#include "engine/api/engine_options.h"

#include <QString>
#include <QUndoCommand>

#include <vector>

namespace studio::settings {
class AppSettings;
}

namespace studio::ui {

/// A change of the engine's settings about memory as an undo step. The settings must outlive it.
class MemorySettingsStep : public QUndoCommand {
 public:
  MemorySettingsStep(settings::AppSettings& settings, const engine::OptionsPatch& patch, const QString& what);

  void redo() override { put(after_); }
  void undo() override { put(before_); }

 private:
  struct Values {
    QString memoryMode, decodeMode, oomPolicy, preview;
    int deviceBudget = 0;  ///< MiB
  };
  void put(const Values& values);

  settings::AppSettings& settings_;
  Values before_, after_;
};

}  // namespace studio::ui
