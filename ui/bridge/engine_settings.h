#pragma once

#include "engine/api/engine_options.h"

#include <QString>

namespace studio::settings {
class AppSettings;
}

namespace studio::ui {

/// What the settings mean for the engine; unknown words count as the defaults.
engine::EngineOptions engineOptionsFrom(const settings::AppSettings& settings);
engine::OutputOptions outputOptionsFrom(const settings::AppSettings& settings);

/// True for the keys that engineOptionsFrom and engineOptionsFor (model_fixes.h) read.
bool concernsEngine(const settings::AppSettings& settings, const QString& key);

}  // namespace studio::ui
