#include "ui/bridge/draft_keeper.h"

#include "engine/api/image_io.h"
#include "settings/app_settings.h"
#include "ui/bridge/library.h"
#include "ui/bridge/request_draft.h"
#include "ui/bridge/text.h"

namespace studio::ui {

DraftKeeper::DraftKeeper(RequestDraft& draft, Library& library, settings::AppSettings& settings, QObject* parent)
    : QObject(parent), draft_(draft), library_(library), settings_(settings) {
  if (!load()) startFresh();
  connect(&draft_, &RequestDraft::changed, this,
          [this] { settings_.draft.set(toQString(engine::requestJson(draft_.request()))); });
  connect(&library_, &Library::changed, this, &DraftKeeper::adoptTrainedSize);
}

bool DraftKeeper::load() {
  const QString saved = settings_.draft.get();
  if (saved.isEmpty()) return false;
  const engine::Result<engine::RequestPatch> patch = engine::requestFromJson(toUtf8(saved));
  if (!patch) return false;
  engine::GenerationRequest request;
  engine::applyPatch(patch.value(), request);
  draft_.reset(std::move(request));
  return !draft_.request().model.empty();
}

void DraftKeeper::startFresh() {
  engine::GenerationRequest request = draft_.request();
  request.model = library_.starterModel();
  draft_.reset(std::move(request));
  sizeWanted_ = !draft_.request().model.empty();
}

void DraftKeeper::adoptTrainedSize() {
  if (!sizeWanted_) return;
  const engine::ModelInfo* model = library_.findModel(draft_.request().model);
  if (model == nullptr) return;
  sizeWanted_ = false;
  engine::GenerationRequest request = draft_.request();
  request.size = model->trainedSize;
  draft_.reset(std::move(request));
}

}  // namespace studio::ui
