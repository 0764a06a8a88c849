#include "engine/api/image_io.h"
#include "engine/api/sampler_names.h"
#include "engine/image/lora_tags.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <string>
#include <string_view>

namespace studio::engine {
namespace {

/// A1111 quotes values that would break its "key: value, key: value" line, as JSON strings.
std::string quoted(const std::string& value) {
  if (value.find_first_of(",:\n\"") == std::string::npos) return value;
  return nlohmann::json(value).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

class SettingsLine {
 public:
  void add(std::string_view key, const std::string& value) {
    if (value.empty()) return;
    if (!text_.empty()) text_ += ", ";
    text_ += std::string(key) + ": " + quoted(value);
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

std::string hashList(const std::vector<NamedHash>& hashes) {
  std::string list;
  for (const NamedHash& hash : hashes) list += (list.empty() ? "" : ", ") + hash.name + ": " + hash.hash;
  return list;
}

std::string settingsLine(const PictureMetadata& metadata) {
  const GenerationRequest& request = metadata.request;
  const int batchPosition = metadata.batchSize > 0 ? metadata.index % metadata.batchSize : 0;
  SettingsLine line;
  line.add("Steps", std::to_string(request.steps));
  line.add("Sampler", std::string(labelOf(request.sampler)));
  line.add("Schedule type", std::string(scheduleTypeName(request.schedule)));
  line.add("CFG scale", shortNumber(request.guidanceScale));
  if (request.seed) line.add("Seed", std::to_string(request.seed->value));
  line.add("Size", std::to_string(request.size.width) + "x" + std::to_string(request.size.height));
  line.add("Model hash", metadata.modelHash);
  line.add("Model", metadata.modelName);
  line.add("VAE", utf8FromPath(bareName(request.vae)));
  if (request.clipSkip > 1) line.add("Clip skip", std::to_string(request.clipSkip));
  if (request.emphasis != Emphasis::Original && request.emphasis != Emphasis::Automatic)
    line.add("Emphasis", std::string(labelOf(request.emphasis)));
  if (metadata.batchSize > 1) {
    line.add("Batch size", std::to_string(metadata.batchSize));
    line.add("Batch pos", std::to_string(batchPosition));
  }
  if (!request.refiner.empty()) {
    line.add("Refiner", utf8FromPath(bareName(request.refiner).stem()));
    line.add("Refiner switch at", shortNumber(request.refinerSwitchAt));
  }
  line.add("RNG", "CPU");  // where A1111 has to draw its noise to get the same
  line.add("Lora hashes", hashList(metadata.loraHashes));
  line.add("TI hashes", hashList(metadata.embeddingHashes));
  line.add("Version", "Kiln Studio" + (metadata.engineVersion.empty() ? "" : " " + metadata.engineVersion));
  return line.text();
}

}  // namespace

std::string parametersText(const PictureMetadata& metadata) {
  std::string text = promptWithTags(metadata.request.prompt, metadata.request.loras);
  if (!metadata.request.negativePrompt.empty()) text += "\nNegative prompt: " + metadata.request.negativePrompt;
  return text + "\n" + settingsLine(metadata);
}

}  // namespace studio::engine
