#include "engine/pipeline/loaded_model.h"

#include "engine/api/engine_error.h"
#include "engine/pipeline/companion_files.h"
#include "engine/vae/autoencoder_kl.h"
#include "engine/vae/tiny_autoencoder.h"

#include <ATen/ops/empty.h>

#include <algorithm>
#include <array>
#include <system_error>

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
    return text;
  }
  for (const char* part : {"unet", "text_encoder", "vae"}) {
    std::filesystem::directory_iterator files(path / part, failed);
    for (const auto& entry : files) addFile(entry.path());
    failed.clear();
  }
  return text;
}

[[noreturn]] void missing(const std::string& what, const std::string& help, const std::filesystem::path& path) {
  throw EngineException(ErrorKind::MissingPart, utf8FromPath(path.filename()) + " has no " + what + ". " + help,
                        utf8FromPath(path));
}

LoadedNetwork<Vae> makeVae(const ModelTensors& file, const NumericRecipe& recipe) {
  LoadedNetwork<Vae> network;
  std::shared_ptr<const TensorSource> source;
  if (const auto kl = file.part(Part::Vae)) {
    network.module = std::make_unique<AutoencoderKl>(autoencoderKlConfigFrom(*kl));
    source = kl;
  } else if (const auto tiny = file.part(Part::TinyVae)) {
    network.module = std::make_unique<TinyAutoencoder>(*tiny);
    source = tiny;
  } else {
    return network;
  }
  network.module->decoderWeights().check(*source, "VAE");
  network.residency =
      std::make_unique<Residency>(network.module->decoderWeights(), source, recipe.format, recipe.device);
  return network;
}

}  // namespace

LoadedModel::LoadedModel(const GenerationRequest& request, const NumericRecipe& recipe)
    : path_(request.model), files_(request), recipe_(recipe) {
  const ModelTensors model = openModel(request.model);
  fingerprints_ = {fingerprint(request.model)};
  recognition_ = recogniseModel(model);
  loadUnet(model);
  loadTextEncoder(model, request.textEncoder);
  loadVae(model, request.vae);
  loadPreviewDecoder();
  checkParts();
}

std::string LoadedModel::name() const { return modelNameOf(path_); }

bool LoadedModel::serves(const GenerationRequest& request, const NumericRecipe& recipe) const {
  if (request.model != files_.model || request.vae != files_.vae || request.textEncoder != files_.textEncoder ||
      !(recipe == recipe_))
    return false;
  std::vector<std::string> now{fingerprint(request.model)};
  if (!request.textEncoder.empty()) now.push_back(fingerprint(request.textEncoder));
  const std::filesystem::path vae = request.vae.empty() ? vaeBeside(request.model) : request.vae;
  if (!vae.empty()) now.push_back(fingerprint(vae));
  return now == fingerprints_;
}

void LoadedModel::loadUnet(const ModelTensors& model) {
  if (recognition_.family == ModelFamily::StableDiffusion2 || recognition_.family == ModelFamily::StableDiffusionXl) {
    throw EngineException(ErrorKind::WrongFamily,
                          "This is an " + std::string(familyName(recognition_.family)) +
                              " model; this version makes pictures with SD 1.x models.",
                          utf8FromPath(path_));
  }
  unetSource_ = model.part(Part::UNet);
  if (unetSource_ == nullptr)
    missing("UNet", "Choose a checkpoint; VAE, LoRA and text encoder files go with one.", path_);
  unet_.module = std::make_unique<UNet>(unetConfigFrom(*unetSource_, recognition_.family));
  unet_.module->weights().check(*unetSource_, "UNet");
  unet_.residency = std::make_unique<Residency>(unet_.module->weights(), unetSource_, recipe_.format, recipe_.device);
}

void LoadedModel::loadTextEncoder(const ModelTensors& model, const std::filesystem::path& separate) {
  textSource_ = model.part(Part::TextEncoder);
  if (!separate.empty()) {
    textSource_ = openModel(separate).part(Part::TextEncoder);
    fingerprints_.push_back(fingerprint(separate));
    if (textSource_ == nullptr) missing("text encoder", "Choose a file with a CLIP-L text encoder.", separate);
  }
  if (textSource_ == nullptr)
    missing("text encoder", "Add a file with the CLIP-L text encoder of SD 1.x (--text-encoder).", path_);
  textEncoder_.module = std::make_unique<ClipTextEncoder>(clipTextConfigFrom(*textSource_));
  textEncoder_.module->weights().check(*textSource_, "text encoder");
  textEncoder_.residency =
      std::make_unique<Residency>(textEncoder_.module->weights(), textSource_, recipe_.format, recipe_.device);
}

void LoadedModel::loadVae(const ModelTensors& model, const std::filesystem::path& separate) {
  const std::filesystem::path beside = separate.empty() ? vaeBeside(path_) : separate;
  if (beside.empty()) {
    vae_ = makeVae(model, recipe_);
    if (!vae_)
      missing("VAE",
              "Add one (--vae), or put it beside the model as " + utf8FromPath(path_.stem()) + ".vae.safetensors.",
              path_);
    vaeFingerprint_ = fingerprints_.front();
    findLatentRgb({&model});
    return;
  }
  const ModelTensors file = openModel(beside);
  vaeFingerprint_ = fingerprint(beside);
  fingerprints_.push_back(vaeFingerprint_);
  vae_ = makeVae(file, recipe_);
  if (!vae_) missing("VAE", "Choose a file with one.", beside);
  findLatentRgb({&file, &model});
}

void LoadedModel::loadPreviewDecoder() {
  const std::filesystem::path file = previewDecoderBeside(path_);
  if (file.empty()) return;
  LoadedNetwork<Vae> decoder = makeVae(openModel(file), recipe_);
  if (decoder && decoder.module->latentChannels() == vae_.module->latentChannels())
    previewDecoder_ = std::move(decoder);
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

void LoadedModel::checkParts() const {
  const UNetConfig& unet = unet_.module->config();
  const std::int64_t width = textEncoder_.module->config().width;
  if (unet.contextWidth != width) {
    throw EngineException(ErrorKind::WrongFamily,
                          "The text encoder does not belong to this model: their widths differ.",
                          "text encoder " + std::to_string(width) + ", UNet " + std::to_string(unet.contextWidth));
  }
  if (unet.inChannels != unet.outChannels) {
    throw EngineException(ErrorKind::WrongFamily,
                          "This is an inpainting or editing model; it needs a picture to start from.",
                          std::to_string(unet.inChannels) + " input channels");
  }
  if (unet.outChannels != vae_.module->latentChannels()) {
    throw EngineException(
        ErrorKind::WrongFamily, "The VAE does not belong to this model: their latents differ.",
        "VAE " + std::to_string(vae_.module->latentChannels()) + " channels, UNet " + std::to_string(unet.outChannels));
  }
}

void LoadedModel::applyLoras(const std::vector<LoraUse>& loras) {
  std::vector<std::string> states;
  for (const LoraUse& use : loras) states.push_back(fingerprint(use.file));
  if (loras == loras_ && states == loraStates_) return;
  const auto unet = std::make_shared<EffectiveWeights>(unetSource_, Part::UNet);
  const auto text = std::make_shared<EffectiveWeights>(textSource_, Part::TextEncoder);
  const LoraNames names(*unetSource_, textSource_.get());
  for (const LoraUse& use : loras) {
    const AppliedLora lora{std::make_shared<LoraFile>(use.file), use.weight};
    const int layers = unet->add(lora, names) + text->add(lora, names);
    if (layers > 0) continue;
    throw EngineException(
        ErrorKind::WrongFamily,
        utf8FromPath(use.file.filename()) + " was made for another kind of model: none of its layers is in this one.",
        utf8FromPath(use.file));
  }
  const auto replace = [](Residency& residency, std::shared_ptr<EffectiveWeights> source,
                          std::set<std::string>& touched) {
    std::set<std::string> now = source->touched();
    residency.replaceSource(
        std::move(source), [&](const std::string& tensor) { return touched.contains(tensor) || now.contains(tensor); });
    touched = std::move(now);
  };
  replace(*unet_.residency, unet, touchedUnet_);
  replace(*textEncoder_.residency, text, touchedText_);
  prompts_.clear();
  loras_ = loras;
  loraStates_ = std::move(states);
}

}  // namespace studio::engine
