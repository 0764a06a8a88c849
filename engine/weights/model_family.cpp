#include "engine/weights/model_family.h"

#include "engine/weights/foreign_families.h"
#include "engine/weights/prediction_evidence.h"

#include <algorithm>
#include <cstdio>
#include <string_view>

namespace studio::engine {
namespace {

constexpr std::int64_t kStableDiffusion2Context = 1024, kRefinerContext = 1280;
constexpr std::int64_t kInpaintingChannels = 9;  ///< latent, mask, masked latent

/// What the recognition of latent-diffusion UNets looks at.
struct UNetSigns {
  std::int64_t context = 0;  ///< width of the text embeddings that its cross-attention expects; 0: none
  std::int64_t inputs = 0;
  bool added = false;          ///< takes pooled text and sizes
  bool openClipOnly = false;   ///< its only text encoder is SDXL's second
  bool openClipFirst = false;  ///< its first text encoder has OpenCLIP's names
  bool xlNames = false;
};

UNetSigns signsOf(const ModelTensors& model, const FileTensorSource& unet) {
  const auto starts = [&model](std::string_view start) {
    return std::any_of(model.keys.begin(), model.keys.end(),
                       [start](std::string_view key) { return key.starts_with(start); });
  };
  UNetSigns signs;
  for (const std::string& name : unet.names()) {
    if (!name.ends_with("attn2.to_k.weight") || unet.shapeOf(name)->empty()) continue;
    signs.context = unet.shapeOf(name)->back();
    break;
  }
  const auto* entry = unet.shapeOf("conv_in.weight");
  if (entry != nullptr && entry->size() == 4) signs.inputs = (*entry)[1];
  signs.added = unet.has("add_embedding.linear_1.weight");
  signs.openClipOnly = model.part(Part::TextEncoder2) != nullptr && model.part(Part::TextEncoder) == nullptr;
  signs.openClipFirst = starts("cond_stage_model.model.");
  signs.xlNames = starts("conditioner.");
  return signs;
}

/// The table of latent-diffusion families: the first row that fits counts.
ModelFamily familyOf(const UNetSigns& signs) {
  struct Row {
    bool fits;
    ModelFamily family;
  };
  const Row rows[] = {
      {signs.added && (signs.context == kRefinerContext || signs.openClipOnly), ModelFamily::StableDiffusionXlRefiner},
      {signs.context == kStableDiffusion2Context || signs.openClipFirst, ModelFamily::StableDiffusion2},
      {signs.added || signs.xlNames, ModelFamily::StableDiffusionXl},
      {signs.context > 0, ModelFamily::StableDiffusion1},
  };
  for (const Row& row : rows) {
    if (row.fits) return row.family;
  }
  return ModelFamily::Unknown;
}

PixelSize trainedSizeOf(const ModelTensors& model, ModelFamily family) {
  const auto entry = model.metadata.find("modelspec.resolution");
  int width = 0, height = 0;
  if (entry != model.metadata.end() && std::sscanf(entry->second.c_str(), "%5dx%5d", &width, &height) == 2 &&
      width >= 64 && height >= 64 && width <= 8192 && height <= 8192) {
    return {width, height};
  }
  return traitsOf(family).trainedSize;
}

}  // namespace

Recognition recogniseModel(const ModelTensors& model) {
  Recognition recognition;
  const auto unet = model.part(Part::UNet);
  if (unet == nullptr) {
    recognition.family = foreignFamilyOf(model.keys);
    return recognition;
  }
  const UNetSigns signs = signsOf(model, *unet);
  recognition.family = familyOf(signs);
  recognition.inpainting = signs.inputs == kInpaintingChannels;
  recognition.trainedSize = trainedSizeOf(model, recognition.family);
  const PredictionEvidence evidence = predictionEvidence(model, recognition.family);
  recognition.prediction = evidence.prediction;
  recognition.predictionSource = evidence.source;
  recognition.zeroTerminalSnr = evidence.zeroTerminalSnr;
  recognition.zeroTerminalSnrSource = evidence.zeroTerminalSnrSource;
  recognition.edm = evidence.edm;
  // SD 2.x at 768 pixels is the one that predicts velocity.
  const bool larger = recognition.family == ModelFamily::StableDiffusion2 &&
                      recognition.prediction == PredictionType::Velocity &&
                      !model.metadata.contains("modelspec.resolution");
  if (larger) recognition.trainedSize = {768, 768};
  return recognition;
}

}  // namespace studio::engine
