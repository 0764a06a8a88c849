#pragma once

#include "engine/api/inspector.h"
#include "engine/weights/file_tensor_source.h"

namespace studio::engine {

/// What a model is, found from keys, shapes and metadata; the only place that asks.
struct Recognition {
  ModelFamily family = ModelFamily::Unknown;
  PredictionType prediction = PredictionType::Epsilon;
  PixelSize trainedSize{512, 512};
};

Recognition recogniseModel(const ModelTensors& model);

/// Heads of the UNet's attention: SD 1.x fixes their number, later families their width.
std::int64_t attentionHeads(ModelFamily family, std::int64_t channels);

}  // namespace studio::engine
