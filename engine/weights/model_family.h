#pragma once

#include "engine/weights/edm_model.h"
#include "engine/weights/family_traits.h"
#include "engine/weights/file_tensor_source.h"

#include <optional>

namespace studio::engine {

/// What a model is, found from keys, shapes and metadata; the only place that asks.
struct Recognition {
  ModelFamily family = ModelFamily::Unknown;
  PredictionType prediction = PredictionType::Epsilon;
  PredictionSource predictionSource = PredictionSource::Family;
  bool zeroTerminalSnr = false;  ///< trained down to pure noise (Lin et al. 2023, arXiv 2305.08891)
  PredictionSource zeroTerminalSnrSource = PredictionSource::Family;
  std::optional<EdmModel> edm;  ///< trained with EDM's noise levels (Karras et al. 2022)
  bool inpainting = false;      ///< also takes a mask and a picture
  PixelSize trainedSize{512, 512};

  const FamilyTraits& traits() const { return traitsOf(family); }
};

Recognition recogniseModel(const ModelTensors& model);

}  // namespace studio::engine
