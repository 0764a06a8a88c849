#pragma once

#include "engine/api/inspector.h"
#include "engine/api/prompt_linter.h"

#include <QString>

namespace studio::ui {

/// What a note says, as one sentence.
QString noteText(const engine::PromptNote& note);
/// What its button says; empty for notes without a fix.
QString fixText(const engine::PromptNote& note);
/// True for hints that a person may never want to see again.
bool isHint(const engine::PromptNote& note);

/// What an empty editor says about how prompts for this sort of model are written.
QString promptHelp(engine::ModelFamily family, engine::PromptStyle style);
QString negativePromptHelp(engine::ModelFamily family, engine::PromptStyle style, double guidanceScale);

}  // namespace studio::ui
