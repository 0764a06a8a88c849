#include "app/commands/inspect_json.h"

#include "engine/api/engine_event.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace studio::app {
namespace {

using engine::utf8FromPath;

Json metadataJson(const std::vector<std::pair<std::string, std::string>>& metadata) {
  Json json = Json::object();
  for (const auto& [key, value] : metadata) json[key] = value;
  return json;
}

/// Null for models with the usual noise levels.
Json edmJson(const std::optional<engine::EdmNoise>& edm) {
  if (!edm) return nullptr;
  return {{"sigma_min", edm->smallest}, {"sigma_max", edm->largest}, {"sigma_data", edm->dataDeviation}};
}

/// Null for models that are not distilled; else fields of a request, and why.
Json suggestionJson(const std::optional<engine::SuggestedSettings>& suggestion) {
  if (!suggestion) return nullptr;
  return {{"method", suggestion->method},
          {"source", suggestion->source},
          {"sampler", std::string(engine::idOf(suggestion->sampler))},
          {"scheduler", std::string(engine::idOf(suggestion->schedule))},
          {"steps", suggestion->steps},
          {"guidance_scale", suggestion->guidanceScale}};
}

Json modelJson(const engine::ModelInfo& info) {
  Json parts = Json::array();
  for (const auto& part : info.parts) {
    parts.push_back({{"name", part.name},
                     {"present", part.present},
                     {"parameters", part.parameters},
                     {"precision", part.precision}});
  }
  return {{"type", "model"},
          {"path", utf8FromPath(info.path)},
          {"name", info.name},
          {"kind", engine::fileKindId(info.kind)},
          {"layout", info.layout},
          {"family", engine::familyId(info.family)},
          {"family_name", engine::familyName(info.family)},
          {"usable", engine::isUsable(info.family)},
          {"precision", info.precision},
          {"prediction", std::string(engine::idOf(info.prediction))},
          {"prediction_source", engine::predictionSourceName(info.predictionSource)},
          {"chosen_prediction", std::string(engine::idOf(info.chosen.prediction))},
          {"chosen_zero_terminal_snr", std::string(engine::idOf(info.chosen.zeroTerminalSnr))},
          {"zero_terminal_snr", info.zeroTerminalSnr},
          {"zero_terminal_snr_source", engine::predictionSourceName(info.zeroTerminalSnrSource)},
          {"edm", edmJson(info.edm)},
          {"inpainting", info.inpainting},
          {"suggestion", suggestionJson(info.suggestion)},
          {"trained_width", info.trainedSize.width},
          {"trained_height", info.trainedSize.height},
          {"file_bytes", info.fileBytes.count},
          {"parts", parts},
          {"missing", info.missing},
          {"ignored_tensors", info.ignoredTensors},
          {"unknown_tensors", info.unknownTensors},
          {"metadata", metadataJson(info.metadata)}};
}

Json loraJson(const engine::LoraInfo& info) {
  return {{"type", "lora"},
          {"path", utf8FromPath(info.path)},
          {"name", info.name},
          {"kind", "lora"},
          {"algorithm", info.algorithm},
          {"family", engine::familyId(info.base)},
          {"rank", info.rank},
          {"alpha", info.alpha},
          {"usable", info.usable},
          {"reason", info.reason},
          {"unet_modules", info.unetModules},
          {"text_encoder_modules", info.textEncoderModules},
          {"triggers", info.triggers},
          {"embeddings", info.embeddings},
          {"file_bytes", info.fileBytes.count},
          {"metadata", metadataJson(info.metadata)}};
}

Json otherJson(const engine::OtherInfo& info) {
  Json json = {{"type", "other"},
               {"path", utf8FromPath(info.path)},
               {"kind", engine::fileKindId(info.type)},
               {"kind_name", info.kind},
               {"family", engine::familyId(info.family)},
               {"parameters", info.parameters},
               {"precision", info.precision},
               {"file_bytes", info.fileBytes.count}};
  if (info.type == engine::FileKind::Embedding) json["vectors"] = info.vectors;
  if (info.type == engine::FileKind::Upscaler) json["architecture"] = info.architecture, json["scale"] = info.scale;
  return json;
}

/// Only the fields that the picture names.
Json requestOf(const engine::RequestPatch& patch) {
  const Json all = Json::parse(engine::requestJson(patch.values));
  Json present = Json::object();
  for (const auto& [id, value] : all.items()) {
    if (std::find(patch.present.begin(), patch.present.end(), id) != patch.present.end()) present[id] = value;
  }
  return present;
}

Json notesJson(const std::vector<engine::PictureNote>& notes) {
  Json list = Json::array();
  for (const auto& note : notes) list.push_back(engine::noteSentence(note).text());
  return list;
}

Json changesJson(const std::vector<engine::PromptChange>& changes) {
  Json list = Json::array();
  for (const auto& change : changes) {
    list.push_back({{"field", change.field}, {"original", change.original}, {"translated", change.translated}});
  }
  return list;
}

/// Found ones with their path; of the others `missing` is true.
Json filesJson(const std::vector<engine::NeededFile>& files) {
  Json list = Json::array();
  for (const auto& file : files) {
    list.push_back({{"kind", file.kind},
                    {"name", file.name},
                    {"hash", file.hash},
                    {"path", utf8FromPath(file.found)},
                    {"found_by", file.found.empty() ? ""
                                 : file.byHash      ? "hash"
                                                    : "name"},
                    {"missing", file.found.empty()}});
  }
  return list;
}

}  // namespace

Json fileJson(const engine::FileInfo& info) {
  return std::visit(engine::Visitor{[](const engine::ModelInfo& model) { return modelJson(model); },
                                    [](const engine::LoraInfo& lora) { return loraJson(lora); },
                                    [](const engine::OtherInfo& other) { return otherJson(other); }},
                    info);
}

Json pictureJson(const std::filesystem::path& path, const engine::PictureInfo& info,
                 const std::vector<engine::NeededFile>& files) {
  return {{"type", "picture"},
          {"kind", "picture"},
          {"path", utf8FromPath(path)},
          {"width", info.size.width},
          {"height", info.size.height},
          {"source", info.sourceId},
          {"program", info.source},
          {"request", requestOf(info.request)},
          {"model_name", info.modelName},
          {"model_hash", info.modelHash},
          {"files", filesJson(files)},
          {"prompt_changes", changesJson(info.promptChanges)},
          {"notes", notesJson(info.notes)},
          {"parameters", info.parameters}};
}

}  // namespace studio::app
