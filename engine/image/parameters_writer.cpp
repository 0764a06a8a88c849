#include "engine/api/image_io.h"
#include "engine/api/reproduction_profile.h"
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

std::string unless(double usual, double value) { return value == usual ? std::string() : shortNumber(value); }

const char* flag(bool set) { return set ? "True" : ""; }

/// Where A1111 has to draw its noise to get the same.
const char* noiseDevice(const ReproductionProfile& rows, Profile profile) {
  if (rows.firstNoise == NoiseDevice::Cpu) return "CPU";
  return profile == Profile::A1111Nv ? "NV" : "GPU";
}

/// What decides the noise and the way through it: under A1111's names where it has some, so that it does the same.
void addProfile(SettingsLine& line, const GenerationRequest& request) {
  const GenerationRequest usual;
  const ReproductionProfile rows = reproductionProfile(request);
  line.add("Eta", unless(usual.eta, request.eta));
  line.add("Eta DDIM", unless(usual.ddimEta, request.ddimEta));
  line.add("Sigma churn", unless(usual.sChurn, request.sChurn));
  line.add("Sigma tmin", unless(usual.sTmin, request.sTmin));
  line.add("Sigma tmax", unless(usual.sTmax, request.sTmax));
  line.add("Sigma noise", unless(usual.sNoise, request.sNoise));
  line.add("Skip Early CFG", unless(usual.promptOnly, request.promptOnly));
  if (request.penultimateSigma != PenultimateSigma::Automatic)
    line.add("Discard penultimate sigma", rows.discardsPenultimate ? "True" : "False");
  if (request.ensd != 0) line.add("ENSD", std::to_string(request.ensd));
  line.add("RNG", noiseDevice(rows, request.profile));
  line.add("Old prompt editing timelines", flag(rows.editing == PromptEditing::BelowOneIsShare));
  line.add("Pad conds v0", flag(rows.unequalLengths == UnequalLengths::LastVector));
  line.add("Downcast alphas_cumprod", flag(rows.signalsInHalf));
  line.add("Refiner switch by sampling steps",
           flag(!request.refiner.empty() && rows.refinerShare == RefinerShare::Steps));
  if (request.profile != Profile::Studio) line.add("Reproduce as", std::string(idOf(request.profile)));
  line.add("Program version", request.programVersion);
  line.add("Compatibility", request.compatibility);
  if (request.pathNoise != PathNoise::Automatic) line.add("Noise path", std::string(idOf(request.pathNoise)));
  if (request.gpuThreads != 0) line.add("GPU threads", std::to_string(request.gpuThreads));
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
  addProfile(line, request);
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
