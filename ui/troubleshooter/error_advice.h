#pragma once

#include "engine/api/engine_error.h"
#include "engine/api/generation_request.h"

#include <QString>
#include <QStringList>

#include <vector>

namespace studio::ui {

/// Something the panel offers to do at once.
enum class Remedy { TryAgain, BatchOfOne, SmallerPicture, ChooseOutputFolder, ChooseModel, SwitchLorasOff };

/// A failure in words for people: what happened, what it means, what to do, gentlest remedy first.
struct ErrorAdvice {
  QString title;
  QString meaning;
  QStringList steps;
  std::vector<Remedy> remedies;
};

ErrorAdvice adviceFor(const engine::EngineError& error, const engine::GenerationRequest& request);

/// The words on a remedy's button.
QString remedyText(Remedy remedy, const engine::GenerationRequest& request);

/// Changes the request as the remedy says; the ones that need a person (folders, models) change nothing.
void applyRemedy(Remedy remedy, engine::GenerationRequest& request);

}  // namespace studio::ui
