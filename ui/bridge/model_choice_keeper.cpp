#include "ui/bridge/model_choice_keeper.h"

#include "ui/bridge/field_names.h"
#include "ui/bridge/library.h"
#include "ui/bridge/request_draft.h"

namespace studio::ui {
namespace {

engine::ModelChoice choiceIn(const engine::GenerationRequest& request) {
  return {request.prediction, request.zeroTerminalSnr};
}

}  // namespace

ModelChoiceKeeper::ModelChoiceKeeper(RequestDraft& draft, Library& library, QObject* parent)
    : QObject(parent), draft_(draft), library_(library), seen_(draft.request()) {
  connect(&draft_, &RequestDraft::changed, this, &ModelChoiceKeeper::followDraft);
  connect(&library_, &Library::changed, this, [this] {
    if (wanted_) takeRemembered();
  });
}

void ModelChoiceKeeper::followDraft() {
  const engine::GenerationRequest before = seen_;
  seen_ = draft_.request();
  const bool sameChoice = choiceIn(seen_) == choiceIn(before);
  if (seen_.model != before.model) {
    wanted_ = sameChoice;
    // Not in the middle of the edit that brought the model: it would not be a step of its own.
    if (wanted_) QMetaObject::invokeMethod(this, &ModelChoiceKeeper::takeRemembered, Qt::QueuedConnection);
    return;
  }
  if (sameChoice || seen_.model.empty()) return;
  wanted_ = false;
  library_.remember(seen_.model, choiceIn(seen_));
}

void ModelChoiceKeeper::takeRemembered() {
  const engine::ModelInfo* model = library_.findModel(draft_.request().model);
  if (!wanted_ || model == nullptr) return;
  wanted_ = false;
  const engine::ModelChoice chosen = model->chosen;
  seen_.prediction = chosen.prediction;
  seen_.zeroTerminalSnr = chosen.zeroTerminalSnr;
  draft_.edit(
      [&chosen](engine::GenerationRequest& request) {
        request.prediction = chosen.prediction;
        request.zeroTerminalSnr = chosen.zeroTerminalSnr;
      },
      fieldName("prediction"));
}

}  // namespace studio::ui
