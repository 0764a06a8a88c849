#include "engine/weights/prediction_evidence.h"

#include "engine/api/engine_error.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/std.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

namespace studio::engine {
namespace {

bool hasKey(const ModelTensors& model, std::string_view wanted) {
  return std::any_of(model.keys.begin(), model.keys.end(), [wanted](const std::string& key) {
    return key == wanted || (key.starts_with("model.diffusion_model.") && key.substr(22) == wanted);
  });
}

/// The value behind `key` in a text of "key: value" lines (YAML) or one-level JSON, without quotes; empty when absent.
std::string valueOf(const std::string& text, const std::string& key) {
  std::size_t at = text.find(key);
  while (at != std::string::npos) {
    std::size_t from = at + key.size();
    from = std::min(text.find_first_not_of("\"' \t", from), text.size());
    if (from < text.size() && text[from] == ':') {
      from = std::min(text.find_first_not_of("\"' \t", from + 1), text.size());
      return text.substr(from, text.find_first_of("\"' \t\r\n,}", from) - from);
    }
    at = text.find(key, at + 1);
  }
  return {};
}

/// Nothing for words that say nothing known. Throws for models whose output is the picture itself.
std::optional<PredictionType> typeNamed(const std::string& value) {
  if (value == "v" || value == "v_prediction" || value == "v-prediction") return PredictionType::Velocity;
  if (value == "eps" || value == "epsilon") return PredictionType::Epsilon;
  if (value == "sample" || value == "x0")
    throw EngineException(ErrorKind::WrongFamily,
                          "The model predicts the picture itself (“sample”), which this program cannot sample with.");
  return std::nullopt;
}

bool isTrue(const std::string& value) { return value == "true" || value == "True"; }

bool saysTrue(const ModelTensors& model, const char* key) {
  const auto entry = model.metadata.find(key);
  return entry != model.metadata.end() && isTrue(entry->second);
}

/// The word of modelspec counts before that of the training program, which says only what is not usual.
std::optional<PredictionType> fromMetadata(const ModelTensors& model) {
  for (const char* key : {"modelspec.prediction_type", "prediction_type"}) {
    const auto entry = model.metadata.find(key);
    if (entry == model.metadata.end()) continue;
    if (const auto type = typeNamed(entry->second)) return type;
  }
  if (saysTrue(model, "ss_v_parameterization")) return PredictionType::Velocity;
  return std::nullopt;
}

/// Original SD 2.x files carry no word about it, but the norms of the velocity model spread wider; other programs use
/// the same tensor and threshold.
bool spreadsLikeVelocity(const FileTensorSource& unet) {
  constexpr double kThreshold = 0.09;
  constexpr const char* kName = "up_blocks.3.attentions.2.transformer_blocks.0.norm1.bias";
  if (!unet.has(kName)) return false;
  const at::Tensor bias = unet.load(kName).to(at::kFloat);
  return bias.numel() > 1 && at::std(bias, /*unbiased=*/false).item<double>() > kThreshold;
}

}  // namespace

PredictionEvidence predictionEvidence(const ModelTensors& model, ModelFamily family) {
  PredictionEvidence evidence;
  evidence.zeroTerminalSnr = hasKey(model, "ztsnr");
  if (evidence.zeroTerminalSnr) evidence.zeroTerminalSnrSource = PredictionSource::MarkerTensor;
  for (const std::string* text : {&model.schedulerConfig, &model.yaml}) {
    if (evidence.zeroTerminalSnr || !isTrue(valueOf(*text, "rescale_betas_zero_snr"))) continue;
    evidence.zeroTerminalSnr = true;
    evidence.zeroTerminalSnrSource = PredictionSource::Configuration;
  }
  if (!evidence.zeroTerminalSnr && saysTrue(model, "ss_zero_terminal_snr")) {
    evidence.zeroTerminalSnr = true;
    evidence.zeroTerminalSnrSource = PredictionSource::Metadata;
  }
  const auto found = [&evidence](std::optional<PredictionType> type, PredictionSource source) {
    if (type) evidence.prediction = *type, evidence.source = source;
    return type.has_value();
  };
  evidence.edm = edmModelIn(model);
  if (evidence.edm) {
    found(evidence.edm->velocity ? PredictionType::Velocity : PredictionType::Epsilon, evidence.edm->source);
    return evidence;
  }
  if (found(fromMetadata(model), PredictionSource::Metadata)) return evidence;
  if (hasKey(model, "v_pred")) {
    found(PredictionType::Velocity, PredictionSource::MarkerTensor);
  } else if (!found(typeNamed(valueOf(model.yaml, "parameterization")), PredictionSource::Configuration) &&
             !found(typeNamed(valueOf(model.schedulerConfig, "prediction_type")), PredictionSource::Configuration) &&
             family == ModelFamily::StableDiffusion2 && spreadsLikeVelocity(*model.part(Part::UNet))) {
    found(PredictionType::Velocity, PredictionSource::Statistic);
  }
  return evidence;
}

}  // namespace studio::engine
