#pragma once

#include "engine/api/inspector.h"
#include "engine/weights/file_tensor_source.h"

#include <optional>
#include <vector>

namespace studio::engine {

/// Latents that were brought to one mean and spread for each channel before the network saw them:
/// network's latent = (VAE's latent − mean) · scale / deviation.
struct LatentStatistics {
  std::vector<double> mean, deviation;  ///< one number for each channel
  double scale = 1;
  bool operator==(const LatentStatistics&) const = default;
};

/// What is known of a model that was trained the way of Karras et al. 2022.
struct EdmModel {
  EdmNoise noise;
  std::optional<LatentStatistics> latents;  ///< empty: scaled as usual for the family
  bool velocity = false;                    ///< CosXL's kind: velocity at EDM's noise levels
  PredictionSource source = PredictionSource::MarkerTensor;
};

/// From the marker tensors of Playground v2.5 (`edm_mean`, `edm_std`) and CosXL (`edm_vpred.sigma_max`), from
/// `modelspec.prediction_type` or from a diffusers folder's configuration; nothing for other models. Numbers that make
/// no sense are replaced by those of the two models.
std::optional<EdmModel> edmModelIn(const ModelTensors& model);

}  // namespace studio::engine
