#include "engine/pipeline/local_inspector.h"

#include "engine/adapters/lora_file.h"
#include "engine/api/cancelled.h"
#include "engine/pipeline/companion_files.h"
#include "engine/pipeline/error_translation.h"
#include "engine/weights/model_family.h"

#include <algorithm>
#include <set>

namespace studio::engine {
namespace {

ModelPart describe(const ModelTensors& model, const char* name, Part part) {
  const auto source = model.part(part);
  if (source == nullptr) return {name, false, 0, {}};
  return {name, true, source->parameters(), source->precision()};
}

std::string precisionOfAll(const std::vector<ModelPart>& parts) {
  std::set<std::string> kinds;
  for (const ModelPart& part : parts) {
    if (part.present) kinds.insert(part.precision);
  }
  return kinds.size() == 1 ? *kinds.begin() : "mixed";
}

std::vector<std::string> missingParts(const ModelTensors& model, ModelFamily family,
                                      const std::filesystem::path& path) {
  std::vector<std::string> missing;
  if (!isUsable(family)) return missing;
  for (const TextEncoderTraits& text : traitsOf(family).textEncoders) {
    if (model.part(text.part) == nullptr)
      missing.push_back("No " + std::string(text.name) + " text encoder: add a file with it.");
  }
  if (model.part(Part::Vae) == nullptr && model.part(Part::TinyVae) == nullptr && vaeBeside(path).empty())
    missing.emplace_back("No VAE: add one, or put it beside the model as <model>.vae.safetensors.");
  return missing;
}

ModelInfo describeModel(const std::filesystem::path& path, const ModelTensors& model) {
  const Recognition recognition = recogniseModel(model);
  ModelInfo info;
  info.path = path;
  info.name = modelNameOf(path);
  info.layout = model.layout;
  info.family = recognition.family;
  info.fileBytes = Bytes{static_cast<std::int64_t>(model.fileBytes)};
  const Part vae = model.part(Part::Vae) != nullptr ? Part::Vae : Part::TinyVae;
  const auto& encoders = recognition.traits().textEncoders;
  info.parts = {describe(model, "UNet", Part::UNet)};
  for (std::size_t i = 0; i < encoders.size(); ++i)
    info.parts.push_back(describe(model, i == 0 ? "Text encoder" : "Text encoder 2", encoders[i].part));
  info.parts.push_back(describe(model, "VAE", vae));
  info.precision = precisionOfAll(info.parts);
  info.missing = missingParts(model, recognition.family, path);
  info.ignoredTensors = model.ignored;
  info.unknownTensors = model.unknown;
  info.prediction = recognition.prediction;
  info.predictionSource = recognition.predictionSource;
  info.zeroTerminalSnr = recognition.zeroTerminalSnr;
  info.inpainting = recognition.inpainting;
  info.trainedSize = recognition.trainedSize;
  info.metadata.assign(model.metadata.begin(), model.metadata.end());
  return info;
}

std::string kindOf(const ModelTensors& model) {
  if (model.part(Part::Vae) != nullptr) return "VAE";
  if (const auto tiny = model.part(Part::TinyVae)) {
    const auto names = tiny->names();
    const bool encodes =
        std::any_of(names.begin(), names.end(), [](const std::string& name) { return name.starts_with("encoder."); });
    return encodes ? "VAE" : "Preview decoder";
  }
  if (model.part(Part::TextEncoder) != nullptr) return "Text encoder";
  const bool upscales = std::any_of(model.keys.begin(), model.keys.end(), [](const std::string& key) {
    return key == "body.0.weight" || key == "conv_first.weight";
  });
  return upscales ? "Upscaler" : "Unknown";
}

OtherInfo describeOther(const std::filesystem::path& path, const ModelTensors& model) {
  OtherInfo info;
  info.path = path;
  info.kind = kindOf(model);
  info.fileBytes = Bytes{static_cast<std::int64_t>(model.fileBytes)};
  std::set<std::string> precisions;
  for (const auto& [part, source] : model.parts) {
    info.parameters += source->parameters();
    precisions.insert(source->precision());
  }
  info.precision = precisions.size() == 1 ? *precisions.begin() : "mixed";
  return info;
}

FileInfo inspectFile(const std::filesystem::path& path) {
  const ModelTensors model = openModel(path);
  if (model.part(Part::UNet) != nullptr) return describeModel(path, model);
  // Names in a LoRA of the diffusers kind look like those of a text encoder, so it is asked first.
  if (model.layout == "single file") {
    LoraInfo lora = inspectLora(path);
    if (lora.unetModules + lora.textEncoderModules > 0 || lora.kind != "LoRA") return lora;
  }
  return describeOther(path, model);
}

}  // namespace

Result<FileInfo> LocalInspector::inspect(const std::filesystem::path& path) const {
  try {
    return inspectFile(path);
  } catch (...) {
    return translateCurrentException();
  }
}

std::filesystem::path LocalInspector::findByHash(const std::string& hash,
                                                 const std::vector<std::filesystem::path>& files,
                                                 const std::stop_token& stop) const try {
  return hashes_.find(hash, files, stop);
} catch (const Cancelled&) {
  return {};
}

}  // namespace studio::engine
