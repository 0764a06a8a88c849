#include "engine/image/studio_json.h"

#include "engine/image/lora_tags.h"

#include <nlohmann/json.hpp>

namespace studio::engine {
namespace {

using Json = nlohmann::ordered_json;
constexpr int kVersion = 1;

/// Folders stay at home, on the way out and on the way in.
void keepNamesOnly(GenerationRequest& request) {
  request.model = bareName(request.model);
  request.vae = bareName(request.vae);
  request.textEncoder = bareName(request.textEncoder);
  request.textEncoder2 = bareName(request.textEncoder2);
  request.refiner = bareName(request.refiner);
  for (LoraUse& lora : request.loras) lora.file = bareName(lora.file);
}

std::string textOf(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Json hashesJson(const std::vector<NamedHash>& hashes) {
  Json json = Json::object();
  for (const NamedHash& hash : hashes) json[hash.name] = hash.hash;
  return json;
}

void readHashes(const Json& json, const char* key, const char* kind, std::vector<NamedHash>& hashes) {
  constexpr std::size_t kMostHashes = 256;
  const auto found = json.find(key);
  if (found == json.end() || !found->is_object()) return;
  for (const auto& [name, hash] : found->items()) {
    if (hash.is_string() && hashes.size() < kMostHashes) hashes.push_back({name, hash.get<std::string>(), kind});
  }
}

}  // namespace

std::string studioJson(const PictureMetadata& metadata) {
  GenerationRequest request = metadata.request;
  keepNamesOnly(request);
  Json json = {
      {"version", kVersion},
      {"program", "Kiln Studio " + metadata.engineVersion},
      {"request", Json::parse(requestJson(request))},
      {"batch_size", metadata.batchSize},
      {"batch_count", metadata.batchCount},
      {"index", metadata.index},
      {"model_name", metadata.modelName},
      {"model_hash", metadata.modelHash},
      {"lora_hashes", hashesJson(metadata.loraHashes)},
      {"embedding_hashes", hashesJson(metadata.embeddingHashes)},
      {"precision", metadata.precision},
  };
  if (!metadata.rungs.empty()) json["rungs"] = metadata.rungs;
  return json.dump(-1, ' ', true, Json::error_handler_t::replace);
}

std::optional<PictureInfo> pictureInfoFromStudioJson(const std::string& text) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object() || !json.contains("version") || !json.contains("request")) return std::nullopt;
  Result<RequestPatch> patch = requestFromJson(json["request"].dump(-1, ' ', true, Json::error_handler_t::replace));
  if (!patch) return std::nullopt;
  PictureInfo info;
  info.source = "Kiln Studio";
  info.sourceId = "studio";
  info.request = std::move(patch.value());
  keepNamesOnly(info.request.values);
  info.modelName = textOf(json, "model_name");
  info.modelHash = textOf(json, "model_hash");
  readHashes(json, "lora_hashes", "lora", info.fileHashes);
  readHashes(json, "embedding_hashes", "embedding", info.fileHashes);
  return info;
}

}  // namespace studio::engine
