#include "engine/pipeline/model_shelf.h"

#include "engine/memory/budget_allocator.h"

#include <algorithm>
#include <utility>

namespace studio::engine {

Bytes hostBytesOf(const LoadedModel& model) {
  Bytes all;
  for (const Residency* residency : model.residencies()) all.count += residency->hostBytes().count;
  return all;
}

std::unique_ptr<LoadedModel> ModelShelf::take(const GenerationRequest& request, const NumericRecipe& recipe) {
  const auto serves = [&](const std::unique_ptr<LoadedModel>& model) { return model->serves(request, recipe); };
  const auto found = std::find_if(models_.begin(), models_.end(), serves);
  if (found == models_.end()) return nullptr;
  std::unique_ptr<LoadedModel> model = std::move(*found);
  models_.erase(found);
  for (Residency* residency : model->residencies()) residency->wake();
  return model;
}

void ModelShelf::put(std::unique_ptr<LoadedModel> model) {
  if (model == nullptr) return;
  for (Residency* residency : model->residencies()) residency->rest();
  models_.push_front(std::move(model));
}

void ModelShelf::shrinkTo(std::optional<int> models, Bytes most) {
  const auto tooMany = [&] { return models && models_.size() > static_cast<std::size_t>(std::max(0, *models)); };
  const std::size_t before = models_.size();
  while (!models_.empty() && (tooMany() || bytes() > most)) models_.pop_back();
  if (models_.size() != before) trimCache();  // what their blocks were in
}

Bytes ModelShelf::bytes() const {
  Bytes all = hostBytes();
  for (const auto& model : models_) {
    for (const Residency* residency : model->residencies()) all.count += residency->residentBytes();
  }
  return all;
}

Bytes ModelShelf::hostBytes() const {
  Bytes all;
  for (const auto& model : models_) all.count += hostBytesOf(*model).count;
  return all;
}

void ModelShelf::clear() { shrinkTo(0, {}); }

}  // namespace studio::engine
