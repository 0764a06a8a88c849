#include "engine/pipeline/local_inspector.h"

#include "engine/adapters/lora_file.h"
#include "engine/api/cancelled.h"
#include "engine/api/image_io.h"
#include "engine/pipeline/companion_files.h"
#include "engine/pipeline/error_translation.h"
#include "engine/pipeline/tokenizer_file.h"
#include "engine/weights/distilled_models.h"
#include "engine/weights/file_kind.h"
#include "engine/weights/mistaken_file.h"
#include "engine/weights/model_family.h"

#include <algorithm>
#include <set>
#include <system_error>

namespace studio::engine {
namespace {

ModelPart describe(const ModelTensors& model, const char* name, Part part) {
  const auto source = model.part(part);
  if (source == nullptr) return {name, false, 0, {}};
  return {name, true, source->parameters(), source->precision()};
}

bool hasVae(const ModelTensors& model) {
  return model.part(Part::Vae) != nullptr || model.part(Part::TinyVae) != nullptr;
}

/// A whole checkpoint has more than the network that predicts.
FileKind modelKind(const ModelTensors& model) {
  const bool more = hasVae(model) || model.part(Part::TextEncoder) != nullptr ||
                    model.part(Part::TextEncoder2) != nullptr ||
                    std::any_of(model.keys.begin(), model.keys.end(), [](const std::string& key) {
                      return key.starts_with("text_encoders.") || key.starts_with("cond_stage_model.") ||
                             key.starts_with("conditioner.");
                    });
  return more ? FileKind::Checkpoint : FileKind::UNet;
}

/// All numbers of a file, whatever they are for.
FileTensorSource everythingIn(const std::shared_ptr<const TensorFile>& file) {
  FileTensorSource all;
  for (const auto& entry : file->tensors()) all.add(entry.first, file, entry.first);
  return all;
}

std::string precisionOfAll(const std::vector<ModelPart>& parts) {
  std::set<std::string> kinds;
  for (const ModelPart& part : parts) {
    if (part.present) kinds.insert(part.precision);
  }
  // Block formats leave a VAE's convolutions as they are: the first part names the model then.
  const std::string& first = parts.front().precision;
  const bool compact = first.starts_with("Q") || first.starts_with("IQ") || first.starts_with("fp8");
  return kinds.size() == 1 ? *kinds.begin() : compact ? first : "mixed";
}

std::vector<std::string> missingParts(const ModelTensors& model, ModelFamily family,
                                      const std::filesystem::path& path) {
  std::vector<std::string> missing;
  if (!isUsable(family)) return missing;
  for (const TextEncoderTraits& text : traitsOf(family).textEncoders) {
    if (model.part(text.part) == nullptr)
      missing.push_back("No " + std::string(text.name) + " text encoder: add a file with it.");
  }
  if (!hasVae(model) && vaeBeside(path).empty())
    missing.emplace_back("No VAE: add one, or put it beside the model as <model>.vae.safetensors.");
  return missing;
}

ModelInfo describeModel(const std::filesystem::path& path, const ModelTensors& model) {
  const Recognition recognition = recogniseModel(model);
  ModelInfo info;
  info.path = path;
  info.name = modelNameOf(path);
  info.layout = model.layout;
  info.kind = modelKind(model);
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
  info.zeroTerminalSnrSource = recognition.zeroTerminalSnrSource;
  if (recognition.edm) info.edm = recognition.edm->noise;
  info.inpainting = recognition.inpainting;
  info.trainedSize = recognition.trainedSize;
  info.suggestion = suggestedSettings(info.name, model.metadata);
  info.metadata.assign(model.metadata.begin(), model.metadata.end());
  return info;
}

/// A transformer that is only named: its tensors belong to no part.
ModelInfo describeForeign(const std::filesystem::path& path, const ModelTensors& model,
                          const std::shared_ptr<const TensorFile>& file) {
  ModelInfo info = describeModel(path, model);
  if (file == nullptr) return info;
  const FileTensorSource all = everythingIn(file);
  info.precision = all.precision();
  info.parts.front() = {"Transformer", true, all.parameters(), info.precision};
  info.unknownTensors = 0;
  return info;
}

FileKind kindOf(const ModelTensors& model) {
  if (model.part(Part::Vae) != nullptr) return FileKind::Vae;
  if (const auto tiny = model.part(Part::TinyVae)) {
    const auto names = tiny->names();
    const bool encodes =
        std::any_of(names.begin(), names.end(), [](const std::string& name) { return name.starts_with("encoder."); });
    return encodes ? FileKind::Vae : FileKind::PreviewDecoder;
  }
  const bool text = model.part(Part::TextEncoder) != nullptr || model.part(Part::TextEncoder2) != nullptr;
  return text ? FileKind::TextEncoder : FileKind::Unknown;
}

OtherInfo describeOther(const std::filesystem::path& path, const ModelTensors& model, const RecognisedFile& recognised,
                        const std::shared_ptr<const TensorFile>& file) {
  OtherInfo info;
  info.path = path;
  info.type = recognised.kind == FileKind::Unknown ? kindOf(model) : recognised.kind;
  info.kind = fileKindName(info.type);
  info.family = recognised.family;
  info.architecture = recognised.architecture;
  info.scale = recognised.scale;
  info.vectors = recognised.vectors;
  info.fileBytes = Bytes{static_cast<std::int64_t>(model.fileBytes)};
  if (file == nullptr) return info;
  const FileTensorSource all = everythingIn(file);
  info.parameters = all.parameters();
  info.precision = all.precision();
  return info;
}

OtherInfo describeTokenizer(const std::filesystem::path& path, const std::string& kind) {
  OtherInfo info;
  info.path = path;
  info.type = FileKind::Tokenizer;
  info.kind = std::string(fileKindName(info.type)) + " (" + kind + ")";
  std::error_code failed;
  const auto size = std::filesystem::file_size(path, failed);
  info.fileBytes = Bytes{failed ? 0 : static_cast<std::int64_t>(size)};
  return info;
}

FileInfo inspectFile(const std::filesystem::path& path) {
  if (const std::string tokenizer = tokenizerKind(path); !tokenizer.empty()) return describeTokenizer(path, tokenizer);
  std::error_code failed;
  const bool folder = std::filesystem::is_directory(path, failed);
  // Null for a folder; a header is read once, whatever the file turns out to be.
  const std::shared_ptr<const TensorFile> file = folder ? nullptr : openTensorFile(path);
  const ModelTensors model = folder ? openModel(path) : openModel(file);
  // A control network has the names of a UNet's first half.
  const RecognisedFile recognised = folder ? RecognisedFile() : recogniseFile(file->header());
  if (recognised.kind == FileKind::ControlNet) return describeOther(path, model, recognised, file);
  if (model.part(Part::UNet) != nullptr) return describeModel(path, model);
  if (recogniseModel(model).family != ModelFamily::Unknown) return describeForeign(path, model, file);
  // Names in a LoRA of the diffusers kind look like those of a text encoder, so it is asked first.
  if (!folder) {
    LoraInfo lora = inspectLora(*file);
    if (lora.unetModules + lora.textEncoderModules > 0) return lora;
  }
  return describeOther(path, model, recognised, file);
}

/// Of a picture that was taken for a model it is said what it is good for.
EngineError withPictureAdvice(EngineError error, const std::filesystem::path& file) {
  if (error.wording.pattern != kPictureAsModel) return error;
  const Result<PictureInfo> picture = readPictureInfo(file);
  if (!picture || picture.value().request.present.empty()) return error;
  return makeError(error.kind,
                   sentence("%1 is a picture, not a model, but it says how it was made: use that with --from, or drop "
                            "the picture on the window.",
                            utf8FromPath(file.filename())),
                   error.detail);
}

}  // namespace

Result<FileInfo> LocalInspector::inspect(const std::filesystem::path& path) const {
  try {
    FileInfo info = inspectFile(path);
    if (auto* model = std::get_if<ModelInfo>(&info)) model->chosen = choices_.find(path, {});
    return info;
  } catch (...) {
    return withPictureAdvice(translateCurrentException(), path);
  }
}

std::optional<EngineError> LocalInspector::remember(const std::filesystem::path& model, const ModelChoice& choice,
                                                    const std::stop_token& stop) const {
  try {
    choices_.remember(model, choice, stop);
    return std::nullopt;
  } catch (const Cancelled&) {
    return std::nullopt;
  } catch (...) {
    return translateCurrentException();
  }
}

std::filesystem::path LocalInspector::findByHash(const std::string& hash,
                                                 const std::vector<std::filesystem::path>& files,
                                                 const std::stop_token& stop, const HashProgress& progress) const try {
  return hashes_.find(hash, files, stop, progress);
} catch (const Cancelled&) {
  return {};
}

}  // namespace studio::engine
