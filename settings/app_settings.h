#pragma once

#include "settings/setting.h"
#include "settings/store.h"

#include <QObject>

namespace studio::settings {

/// Every setting of the program, one line each. GUI thread only; handed down by reference.
/// Choices are kept as the ids of engine/api/choices.h.
class AppSettings {
 public:
  explicit AppSettings(const QString& file) : store_(file) {}

  /// For changed(key) and problem(): compare with setting.key().
  Store& store() { return store_; }
  const Store& store() const { return store_; }

 private:
  Store store_;

 public:
  Setting<QString> theme{store_, "look.theme", QStringLiteral("system")};  ///< system, dark, light, contrast
  Setting<QString> language{store_, "look.language", QString()};           ///< "en", "ja"; empty: the system's
  Setting<bool> animations{store_, "look.animations", true};
  Setting<QStringList> collapsedGroups{store_, "look.collapsed", {}};
  Setting<bool> moreParameters{store_, "look.more_parameters", false};  ///< the advanced card is unfolded

  /// Words of prompts about which no hint is wanted any more.
  Setting<QStringList> dismissedPromptHints{store_, "prompt.dismissed_hints", {}};

  Setting<QStringList> modelFolders{store_, "folders.models", {}};
  Setting<QStringList> loraFolders{store_, "folders.loras", {}};

  Setting<QString> outputFolder{store_, "output.folder", QString()};  ///< empty: see outputFolderOrDefault
  Setting<QString> outputPattern{store_, "output.pattern", QStringLiteral("{date}-{seed}")};
  Setting<QString> outputFormat{store_, "output.format", QStringLiteral("png")};
  Setting<int> outputQuality{store_, "output.quality", 92};

  Setting<QString> precision{store_, "engine.precision", QStringLiteral("auto")};
  Setting<int> threads{store_, "engine.threads", 0};  ///< 0: automatic
  Setting<QString> memoryMode{store_, "engine.memory_mode", QStringLiteral("auto")};
  Setting<int> deviceBudget{store_, "engine.device_budget", 0};  ///< MiB; 0: all that is free
  Setting<int> reserve{store_, "engine.reserve_vram", 0};        ///< MiB left for other programs
  Setting<QString> pinned{store_, "engine.pinned", QStringLiteral("auto")};
  Setting<int> keptModels{store_, "engine.kept_models", -1};  ///< beside the one in use; -1: as many as have room
  Setting<QString> decodeMode{store_, "engine.decode_mode", QStringLiteral("auto")};
  Setting<QString> oomPolicy{store_, "engine.oom_policy", QStringLiteral("lossless")};
  Setting<QString> preview{store_, "engine.preview", QStringLiteral("auto")};
  Setting<QString> modelFixes{store_, "engine.model_fixes", QString()};  ///< JSON, see ui/bridge/model_fixes.h

  Setting<QString> draft{store_, "draft.request", QString()};  ///< requestJson() of the last session
  Setting<bool> sizeLocked{store_, "draft.size_locked", false};
};

}  // namespace studio::settings
