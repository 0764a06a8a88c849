#include "engine/pipeline/loaded_model.h"

#include "engine/api/engine_error.h"
#include "engine/ops/ops.h"
#include "engine/pipeline/companion_files.h"
#include "engine/pipeline/damage_search.h"
#include "engine/vae/autoencoder_kl.h"
#include "engine/vae/tiny_autoencoder.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <system_error>
#include <utility>

namespace studio::engine {
namespace {

/// Rough colours of SD 1.x latents, used until the first decode gives a fit. Rows: red, green, blue for each channel.
constexpr std::array<float, 12> kStableDiffusion1Rgb{0.3512F,  0.2297F, 0.3227F, 0.3250F,  0.4974F,  0.2350F,
                                                     -0.2829F, 0.1762F, 0.2721F, -0.2120F, -0.2616F, -0.7177F};

/// Path, size and time of a file: another one means the file was replaced. A folder's parts are looked at.
std::string fingerprint(const std::filesystem::path& path) {
  std::error_code failed;
  std::string text = utf8FromPath(path);
  const auto addFile = [&text](const std::filesystem::path& file) {
    std::error_code ignored;
    const auto size = std::filesystem::file_size(file, ignored);
    const auto time = std::filesystem::last_write_time(file, ignored);
    text += "|" + std::to_string(ignored ? 0 : size) + "@" + std::to_string(time.time_since_epoch().count());
  };
  if (!std::filesystem::is_directory(path, failed)) {
    addFile(path);
    addFile(std::filesystem::path(path).replace_extension(".yaml"));  // may say what the network predicts
    return text;
  }
  for (const char* part : {"unet", "text_encoder", "text_encoder_2", "vae", "scheduler"}) {
    std::filesystem::directory_iterator files(path / part, failed);
    for (const auto& entry : files) addFile(entry.path());
    failed.clear();
  }
  return text;
}

/// `pattern` takes the file's name as %1, and `word` as %2.
[[noreturn]] void missing(const char* pattern, const std::filesystem::path& path, std::string_view word = {}) {
  throw EngineException(ErrorKind::MissingPart, sentence(pattern, utf8FromPath(path.filename()), word),
                        utf8FromPath(path));
}

struct FoundVae {
  LoadedNetwork<Vae> network;
  std::shared_ptr<const TensorSource> source;
};

FoundVae makeVae(const ModelTensors& file, const FamilyTraits& traits, const NumericRecipe& recipe) {
  FoundVae vae;
  if (const auto kl = file.part(Part::Vae)) {
    vae.network.module = std::make_unique<AutoencoderKl>(autoencoderKlConfigFrom(*kl, traits.vaeScale));
    vae.source = kl;
  } else if (const auto tiny = file.part(Part::TinyVae)) {
    vae.network.module = std::make_unique<TinyAutoencoder>(*tiny);
    vae.source = tiny;
  } else {
    return vae;
  }
  const bool overflows = traits.vaeNeedsRange && recipe.format == ops::ComputeFormat::Float16;
  vae.network.module->decoderWeights().check(*vae.source, "VAE");
  vae.network.residency =
      std::make_unique<Residency>(vae.network.module->decoderWeights(), vae.source,
                                  overflows ? ops::ComputeFormat::Float32 : recipe.format, recipe.device);
  return vae;
}

at::Tensor perChannel(const std::vector<double>& numbers) {
  return at::tensor(numbers, at::kFloat).reshape({1, -1, 1, 1});  // [1, C, 1, 1]
}

/// The layers that a text encoder of this role is known to have more of: a file given in the wrong order is put right.
std::int64_t widthOf(const std::shared_ptr<FileTensorSource>& source) {
  const auto* shape = source == nullptr ? nullptr : source->shapeOf("embeddings.token_embedding.weight");
  return shape == nullptr || shape->empty() ? 0 : shape->back();
}

}  // namespace

LoadedModel::LoadedModel(const GenerationRequest& request, const NumericRecipe& recipe)
    : path_(request.model), files_(request), recipe_(recipe) {
  const ModelTensors model = openModel(request.model);
  fingerprints_ = {fingerprint(request.model)};
  recognition_ = recogniseModel(model);
  checkFamily();
  loadUnet(model);
  loadTextEncoders(model, request);
  loadVae(model, request.vae);
  loadPreviewDecoder();
  checkParts();
}

std::string LoadedModel::name() const { return modelNameOf(path_); }

bool LoadedModel::serves(const GenerationRequest& request, const NumericRecipe& recipe) const {
  if (request.model != files_.model || request.vae != files_.vae || request.textEncoder != files_.textEncoder ||
      request.textEncoder2 != files_.textEncoder2 || !recipe.computesLike(recipe_))
    return false;
  std::vector<std::string> now{fingerprint(request.model)};
  for (const auto& file : {request.textEncoder, request.textEncoder2}) {
    if (!file.empty()) now.push_back(fingerprint(file));
  }
  const std::filesystem::path vae = request.vae.empty() ? vaeBeside(request.model) : request.vae;
  const std::filesystem::path preview = previewDecoderBeside(request.model);
  for (const auto& file : {vae, preview}) {
    if (!file.empty()) now.push_back(fingerprint(file));
  }
  return now == fingerprints_;
}

void LoadedModel::checkFamily() const {
  if (isUsable(recognition_.family)) return;
  if (recognition_.family == ModelFamily::Unknown) return;  // the missing part is named later
  throw EngineException(
      ErrorKind::WrongFamily,
      sentence("%1 is a model of the family %2, which this version cannot use; SD 1.x, SD 2.x and SDXL it can.",
               utf8FromPath(path_.filename()), familyName(recognition_.family)),
      utf8FromPath(path_));
}

void LoadedModel::loadUnet(const ModelTensors& model) {
  unetSource_ = model.part(Part::UNet);
  if (unetSource_ == nullptr)
    missing("%1 has no UNet. Choose a checkpoint; VAE, LoRA and text encoder files go with one.", path_);
  unet_.module = std::make_unique<UNet>(unetConfigFrom(*unetSource_, recognition_.family));
  unet_.module->weights().check(*unetSource_, "UNet");
  unet_.residency = std::make_unique<Residency>(unet_.module->weights(), unetSource_, recipe_.format, recipe_.device);
}

std::map<Part, std::shared_ptr<FileTensorSource>> LoadedModel::separateTextEncoders(const GenerationRequest& request) {
  std::map<Part, std::shared_ptr<FileTensorSource>> found;
  const auto add = [&](const std::filesystem::path& path, Part role) {
    if (path.empty()) return;
    const ModelTensors file = openModel(path);
    fingerprints_.push_back(fingerprint(path));
    auto first = file.part(Part::TextEncoder), second = file.part(Part::TextEncoder2);
    if (first == nullptr && second == nullptr) missing("%1 has no text encoder. Choose a file with one.", path);
    if (first != nullptr && second != nullptr) {
      found = {{Part::TextEncoder, first}, {Part::TextEncoder2, second}};
    } else {
      found[role] = first != nullptr ? first : second;
    }
  };
  const auto& wanted = recognition_.traits().textEncoders;
  add(request.textEncoder, wanted.front().part);
  add(request.textEncoder2, Part::TextEncoder2);
  const bool both = found.contains(Part::TextEncoder) && found.contains(Part::TextEncoder2);
  if (both && widthOf(found[Part::TextEncoder]) > widthOf(found[Part::TextEncoder2]))
    std::swap(found[Part::TextEncoder], found[Part::TextEncoder2]);
  return found;
}

void LoadedModel::loadTextEncoders(const ModelTensors& model, const GenerationRequest& request) {
  const auto separate = separateTextEncoders(request);
  std::vector<Conditioner::Encoder> encoders;
  for (const TextEncoderTraits& traits : recognition_.traits().textEncoders) {
    const auto file = separate.find(traits.part);
    const auto source = file != separate.end() ? file->second : model.part(traits.part);
    if (source == nullptr) {
      const bool second = traits.part == Part::TextEncoder2 && recognition_.traits().textEncoders.size() > 1;
      missing(second ? "%1 has no %2 text encoder. Add a file with it (--text-encoder-2)."
                     : "%1 has no %2 text encoder. Add a file with it (--text-encoder).",
              path_, traits.name);
    }
    textSources_[traits.part] = source;
    encoders.push_back(Conditioner::makeEncoder(traits, source, recipe_.format, recipe_.device));
  }
  conditioner_ = Conditioner(std::move(encoders));
}

void LoadedModel::loadVae(const ModelTensors& model, const std::filesystem::path& separate) {
  const std::filesystem::path beside = separate.empty() ? vaeBeside(path_) : separate;
  if (beside.empty()) {
    FoundVae own = makeVae(model, recognition_.traits(), recipe_);
    vae_ = std::move(own.network), vaeSource_ = own.source;
    if (!vae_)
      missing("%1 has no VAE. Add one (--vae), or put it beside the model as %2.vae.safetensors.", path_,
              utf8FromPath(path_.stem()));
    vaeFingerprint_ = fingerprints_.front();
    findLatentRgb({&model});
    return;
  }
  const ModelTensors file = openModel(beside);
  vaeFingerprint_ = fingerprint(beside);
  fingerprints_.push_back(vaeFingerprint_);
  FoundVae found = makeVae(file, recognition_.traits(), recipe_);
  vae_ = std::move(found.network), vaeSource_ = found.source;
  if (!vae_) missing("%1 has no VAE. Choose a file with one.", beside);
  findLatentRgb({&file, &model});
}

void LoadedModel::loadPreviewDecoder() {
  const std::filesystem::path file = previewDecoderBeside(path_);
  if (file.empty()) return;
  fingerprints_.push_back(fingerprint(file));
  try {
    LoadedNetwork<Vae> decoder = makeVae(openModel(file), recognition_.traits(), recipe_).network;
    const Vae* made = decoder.module.get();
    if (made != nullptr && made->latentChannels() == vae_.module->latentChannels() &&
        made->scaleFactor() <= vae_.module->scaleFactor())
      previewDecoder_ = std::move(decoder);
  } catch (const EngineException& error) {
    remarks_.push_back(
        sentence("The file for previews %1 cannot be used: %2", utf8FromPath(file.filename()), error.what()));
  }
}

void LoadedModel::findLatentRgb(const std::vector<const ModelTensors*>& files) {
  const std::int64_t channels = vae_.module->latentChannels();
  for (const ModelTensors* file : files) {
    const auto entry = file->metadata.find("studio.latent_rgb");
    if (entry == file->metadata.end()) continue;
    latentRgb_ = latentRgbFromText(entry->second, channels);
    latentRgbIsExact_ = latentRgb_.has_value();
    if (latentRgbIsExact_) return;
  }
  if (recognition_.family != ModelFamily::StableDiffusion1 || channels != 4) return;
  LatentRgb rough{at::empty({4, 3}, at::kFloat), at::empty({3}, at::kFloat).zero_()};
  std::copy(kStableDiffusion1Rgb.begin(), kStableDiffusion1Rgb.end(), rough.factors.data_ptr<float>());
  latentRgb_ = rough;
}

void LoadedModel::setLatentRgb(LatentRgb fit) {
  latentRgb_ = std::move(fit);
  latentRgbIsExact_ = true;
}

at::Tensor LoadedModel::greyLatent(PixelSize size, const std::stop_token& stop) const {
  const WeightTable& table = vae_.module->encoderWeights();
  if (table.entries().empty())
    missing("%1 has no VAE encoder. An inpainting model needs one: choose a VAE that has it.", path_);
  table.check(*vaeSource_, "VAE");
  Residency residency(table, vaeSource_, vae_.residency->format(), vae_.residency->device());
  residency.workOn(vae_.residency->device(), vae_.residency->pool());
  BlockRunner runner(residency, stop);
  const at::Tensor grey = at::zeros({1, 3, size.height, size.width}, at::kFloat);
  return forNetwork(
      ops::readBack(vae_.module->encode(runner, ops::place(grey, runner.format(), runner.device()))).to(at::kFloat));
}

at::Tensor LoadedModel::forVae(const at::Tensor& latent) const {
  if (!recognition_.edm || !recognition_.edm->latents) return latent;
  const LatentStatistics& known = *recognition_.edm->latents;
  const at::Tensor own = latent * perChannel(known.deviation) / known.scale + perChannel(known.mean);
  return own * recognition_.traits().vaeScale;
}

at::Tensor LoadedModel::forNetwork(const at::Tensor& latent) const {
  if (!recognition_.edm || !recognition_.edm->latents) return latent;
  const LatentStatistics& known = *recognition_.edm->latents;
  const at::Tensor own = latent / recognition_.traits().vaeScale;
  return (own - perChannel(known.mean)) * known.scale / perChannel(known.deviation);
}

void LoadedModel::checkParts() const {
  const UNetConfig& unet = unet_.module->config();
  const std::int64_t width = conditioner_.contextWidth();
  if (unet.contextWidth != width) {
    throw EngineException(ErrorKind::WrongFamily,
                          "The text encoder does not belong to this model: their widths differ.",
                          "text encoder " + std::to_string(width) + ", UNet " + std::to_string(unet.contextWidth));
  }
  const at::Tensor numbers = conditionNumbers(recognition_.traits(), {});
  const std::int64_t pooled = unet_.module->pooledWidth(numbers.defined() ? numbers.numel() : 0);
  if (pooled != conditioner_.pooledWidth()) {
    throw EngineException(
        ErrorKind::WrongFamily, "The model's UNet expects more than its text encoders give; this kind is not known.",
        std::to_string(conditioner_.pooledWidth()) + " given, " + std::to_string(pooled) + " expected");
  }
  if (unet.inChannels != unet.outChannels && !recognition_.inpainting) {
    throw EngineException(ErrorKind::WrongFamily,
                          "This is an editing or upscaling model; it needs a picture to start from.",
                          std::to_string(unet.inChannels) + " input channels");
  }
  const auto* latents = recognition_.edm && recognition_.edm->latents ? &*recognition_.edm->latents : nullptr;
  if (latents != nullptr && latents->mean.size() != static_cast<std::size_t>(unet.outChannels)) {
    throw EngineException(ErrorKind::BadFile, "The model's latent statistics do not fit its UNet.",
                          std::to_string(latents->mean.size()) + " channels");
  }
  if (unet.outChannels != vae_.module->latentChannels()) {
    throw EngineException(
        ErrorKind::WrongFamily, "The VAE does not belong to this model: their latents differ.",
        "VAE " + std::to_string(vae_.module->latentChannels()) + " channels, UNet " + std::to_string(unet.outChannels));
  }
}

void LoadedModel::useEmbeddings(const std::vector<std::filesystem::path>& folders) {
  if (embeddings_.update(folders, lorasInUse(), conditioner_)) prompts_.clear();
}

std::vector<std::filesystem::path> LoadedModel::lorasInUse() const {
  std::vector<std::filesystem::path> files;
  for (const LoraUse& use : loras_) {
    const auto is = [&use](const SkippedLora& skipped) { return skipped.use == use; };
    if (std::none_of(loraReport_.skipped.begin(), loraReport_.skipped.end(), is)) files.push_back(use.file);
  }
  return files;
}

EffectiveModel::Sources LoadedModel::sources() const {
  EffectiveModel::Sources sources(textSources_.begin(), textSources_.end());
  sources[Part::UNet] = unetSource_;
  return sources;
}

/// Text encoders stand side by side, and it does not show which of them it was.
std::vector<Residency*> LoadedModel::residenciesOf(Part part) const {
  if (part == Part::UNet) return {unet_.residency.get()};
  if (part == Part::Vae || part == Part::TinyVae) return {vae_.residency.get()};
  std::vector<Residency*> all;
  for (const Conditioner::Encoder& encoder : conditioner_.encoders()) all.push_back(encoder.residency.get());
  return all;
}

std::vector<Residency*> LoadedModel::residencies() const {
  std::vector<Residency*> all = residenciesOf(Part::TextEncoder);
  all.push_back(unet_.residency.get());
  all.push_back(vae_.residency.get());
  if (previewDecoder_) all.push_back(previewDecoder_.residency.get());
  return all;
}

std::optional<ops::ComputeFormat> LoadedModel::widen(Part part) {
  std::optional<ops::ComputeFormat> before;
  for (Residency* residency : residenciesOf(part)) {
    if (residency->format() == ops::ComputeFormat::Float32) continue;
    before = residency->format();
    widened_.emplace(residency, *before);
    residency->setFormat(ops::ComputeFormat::Float32);
  }
  prompts_.clear();
  return before;
}

void LoadedModel::narrow() {
  if (widened_.empty()) return;
  for (const auto& [residency, format] : widened_) residency->setFormat(format);
  widened_.clear();
  prompts_.clear();
}

std::optional<std::string> LoadedModel::damagedTensor(Part part) const {
  if (part == Part::UNet) return firstDamagedTensor(*unetSource_);
  if (part == Part::Vae || part == Part::TinyVae) return firstDamagedTensor(*vaeSource_);
  for (const auto& [name, source] : textSources_) {
    if (auto damaged = firstDamagedTensor(*source)) return damaged;
  }
  return std::nullopt;
}

std::optional<std::filesystem::path> LoadedModel::damagedLora(Part part) const {
  if (part != Part::TextEncoder) return firstDamagedLora(sources(), recognition_.family, loras_, part);
  for (const auto& [name, source] : textSources_) {
    if (auto damaged = firstDamagedLora(sources(), recognition_.family, loras_, name)) return damaged;
  }
  return std::nullopt;
}

const LoraReport& LoadedModel::applyLoras(const std::vector<LoraUse>& loras, bool strict) {
  std::vector<std::string> states;
  for (const LoraUse& use : loras) states.push_back(fingerprint(use.file));
  if (loras == loras_ && states == loraStates_ && !(strict && !loraReport_.skipped.empty())) return loraReport_;
  EffectiveModel model(sources(), recognition_.family);
  LoraReport report = model.addAll(loras, strict);
  const auto replace = [](Residency& residency, std::shared_ptr<EffectiveWeights> source,
                          std::set<std::string>& touched) {
    std::set<std::string> now = source->touched();
    residency.replaceSource(
        std::move(source), [&](const std::string& tensor) { return touched.contains(tensor) || now.contains(tensor); });
    touched = std::move(now);
  };
  replace(*unet_.residency, model.weights(Part::UNet), touchedUnet_);
  for (const Conditioner::Encoder& encoder : conditioner_.encoders())
    replace(*encoder.residency, model.weights(encoder.traits.part), touchedText_[encoder.traits.part]);
  prompts_.clear();
  loras_ = loras;
  loraStates_ = std::move(states);
  loraReport_ = std::move(report);
  return loraReport_;
}

}  // namespace studio::engine
