#pragma once

#include "engine/api/engine_error.h"
#include "engine/api/engine_event.h"

#include <QString>

namespace studio::ui {

/// The engine's sentences in the window's language; English where none is known. GUI thread.
QString inWords(const engine::Sentence& sentence);
QString inWords(const engine::EngineError& error);
QString inWords(const engine::Notice& notice);

}  // namespace studio::ui
