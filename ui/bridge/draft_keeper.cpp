#include "ui/bridge/draft_keeper.h"

#include "engine/api/image_io.h"
#include "engine/api/request_fields.h"
#include "settings/app_settings.h"
#include "ui/bridge/field_names.h"
#include "ui/bridge/library.h"
#include "ui/bridge/request_draft.h"
#include "ui/bridge/text.h"

#include <algorithm>
#include <type_traits>

namespace studio::ui {
namespace {

/// Settings can be edited by hand or come from a later version: numbers are brought into what the fields can show.
void bringIntoRange(engine::GenerationRequest& request) {
  engine::visitFields(request, [](const engine::FieldInfo& field, auto& value) {
    using Value = std::decay_t<decltype(value)>;
    if constexpr (std::is_same_v<Value, int> || std::is_same_v<Value, double>) {
      if (field.minimum == field.maximum) return;
      value = std::clamp(value, static_cast<Value>(field.minimum), static_cast<Value>(field.maximum));
    }
  });
  request.size.width -= request.size.width % engine::kSideMultiple;
  request.size.height -= request.size.height % engine::kSideMultiple;
  for (engine::LoraUse& use : request.loras) {
    use.weight = std::clamp(use.weight, -engine::kLargestLoraWeight, engine::kLargestLoraWeight);
  }
}

bool isBelow(const std::filesystem::path& file, const std::filesystem::path& folder) {
  const std::filesystem::path way = file.lexically_normal().lexically_relative(folder.lexically_normal());
  return !way.empty() && *way.begin() != "..";
}

}  // namespace

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
  bringIntoRange(request);
  draft_.reset(std::move(request));
  lookAtFiles();
  return !draft_.request().model.empty();
}

/// What was opened by hand lies in no folder that is searched.
void DraftKeeper::lookAtFiles() {
  std::vector<std::filesystem::path> files;
  if (!draft_.request().model.empty()) files.push_back(draft_.request().model);
  for (const engine::LoraUse& use : draft_.request().loras) files.push_back(use.file);
  const std::vector<std::filesystem::path> folders = library_.folders();
  for (const std::filesystem::path& file : files) {
    const bool isSearched =
        std::any_of(folders.begin(), folders.end(), [&](const auto& folder) { return isBelow(file, folder); });
    if (!isSearched) library_.addFile(file);
  }
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
  if (request.size != engine::GenerationRequest{}.size) return;  // somebody was quicker
  request.size = model->trainedSize;
  if (draft_.undoStack().count() == 0) {
    draft_.reset(std::move(request));
  } else {
    draft_.edit([&](engine::GenerationRequest& edited) { edited = request; }, fieldName("width"));
  }
}

}  // namespace studio::ui
