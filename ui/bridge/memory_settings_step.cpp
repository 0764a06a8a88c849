#include "ui/bridge/memory_settings_step.h"

#include "settings/app_settings.h"
#include "ui/bridge/text.h"

namespace studio::ui {

MemorySettingsStep::MemorySettingsStep(settings::AppSettings& settings, const engine::OptionsPatch& patch,
                                       const QString& what)
    : QUndoCommand(what),
      settings_(settings),
      before_{settings.memoryMode.get(), settings.decodeMode.get(), settings.oomPolicy.get(), settings.preview.get(),
              settings.deviceBudget.get()},
      after_(before_) {
  if (patch.memoryMode) after_.memoryMode = toQString(engine::idOf(*patch.memoryMode));
  if (patch.decode) after_.decodeMode = toQString(engine::idOf(*patch.decode));
  if (patch.oomPolicy) after_.oomPolicy = toQString(engine::idOf(*patch.oomPolicy));
  if (patch.preview) after_.preview = toQString(engine::idOf(*patch.preview));
  if (patch.deviceBudget) after_.deviceBudget = static_cast<int>(patch.deviceBudget->count >> 20);
}

void MemorySettingsStep::put(const Values& values) {
  settings_.memoryMode.set(values.memoryMode);
  settings_.decodeMode.set(values.decodeMode);
  settings_.oomPolicy.set(values.oomPolicy);
  settings_.preview.set(values.preview);
  settings_.deviceBudget.set(values.deviceBudget);
}

}  // namespace studio::ui
