#include "engine/weights/model_family.h"

#include <algorithm>
#include <cstdio>
#include <string_view>

namespace studio::engine {
namespace {

constexpr std::int64_t kStableDiffusion2Context = 1024;

/// Width of the text embeddings that the UNet's cross-attention expects; 0 without a UNet.
std::int64_t contextWidth(const FileTensorSource& unet) {
  for (const std::string& name : unet.names()) {
    if (name.ends_with("attn2.to_k.weight")) return unet.shapeOf(name)->back();
  }
  return 0;
}

ModelFamily familyOf(const ModelTensors& model) {
  const auto starts = [&model](std::string_view start) {
    return std::any_of(model.keys.begin(), model.keys.end(),
                       [start](std::string_view key) { return key.substr(0, start.size()) == start; });
  };
  const auto unet = model.part(Part::UNet);
  if (unet == nullptr) return ModelFamily::Unknown;
  if (unet->has("add_embedding.linear_1.weight") || starts("conditioner.")) return ModelFamily::StableDiffusionXl;
  if (contextWidth(*unet) == kStableDiffusion2Context || starts("cond_stage_model.model."))
    return ModelFamily::StableDiffusion2;
  return contextWidth(*unet) > 0 ? ModelFamily::StableDiffusion1 : ModelFamily::Unknown;
}

PredictionType predictionOf(const ModelTensors& model) {
  const auto entry = model.metadata.find("modelspec.prediction_type");
  if (entry != model.metadata.end())
    return entry->second == "v" || entry->second == "v_prediction" ? PredictionType::Velocity : PredictionType::Epsilon;
  if (std::find(model.keys.begin(), model.keys.end(), "v_pred") != model.keys.end()) return PredictionType::Velocity;
  // The configuration is a small JSON text of one level; the word occurs there only as this value.
  return model.schedulerConfig.find("\"v_prediction\"") != std::string::npos ? PredictionType::Velocity
                                                                             : PredictionType::Epsilon;
}

PixelSize trainedSizeOf(const ModelTensors& model, ModelFamily family) {
  const auto entry = model.metadata.find("modelspec.resolution");
  int width = 0, height = 0;
  if (entry != model.metadata.end() && std::sscanf(entry->second.c_str(), "%5dx%5d", &width, &height) == 2 &&
      width >= 64 && height >= 64 && width <= 8192 && height <= 8192) {
    return {width, height};
  }
  return family == ModelFamily::StableDiffusionXl ? PixelSize{1024, 1024} : PixelSize{512, 512};
}

}  // namespace

Recognition recogniseModel(const ModelTensors& model) {
  const ModelFamily family = familyOf(model);
  return {family, predictionOf(model), trainedSizeOf(model, family)};
}

std::int64_t attentionHeads(ModelFamily family, std::int64_t channels) {
  constexpr std::int64_t kHeads = 8, kHeadWidth = 64;
  return family == ModelFamily::StableDiffusion1 ? kHeads : std::max<std::int64_t>(1, channels / kHeadWidth);
}

}  // namespace studio::engine
