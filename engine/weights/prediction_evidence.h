#pragma once

#include "engine/api/inspector.h"
#include "engine/weights/edm_model.h"
#include "engine/weights/file_tensor_source.h"

#include <optional>

namespace studio::engine {

/// What a model says or shows about the meaning of its output and the noise it was trained with.
struct PredictionEvidence {
  PredictionType prediction = PredictionType::Epsilon;
  PredictionSource source = PredictionSource::Family;
  bool zeroTerminalSnr = false;
  PredictionSource zeroTerminalSnrSource = PredictionSource::Family;
  std::optional<EdmModel> edm;
};

/// Looks, in this order, at the metadata, marker tensors, the configuration beside the file or in the folder, and for
/// SD 2.x at a statistic of one tensor, which is read. Words it does not know are no evidence. Throws
/// EngineException(WrongFamily) for a model that predicts neither noise nor velocity.
PredictionEvidence predictionEvidence(const ModelTensors& model, ModelFamily family);

}  // namespace studio::engine
