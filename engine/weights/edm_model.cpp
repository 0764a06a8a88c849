#include "engine/weights/edm_model.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

namespace studio::engine {
namespace {

using Json = nlohmann::json;

constexpr EdmNoise kPlaygroundNoise{0.002, 80, 0.5};
constexpr EdmNoise kCosXlNoise{0.002, 120, 1};

/// Published with Playground v2.5's VAE configuration.
LatentStatistics playgroundLatents() {
  return {{-1.6574, 1.886, -1.383, 2.5155}, {8.4927, 5.9022, 6.5498, 5.2299}, 0.5};
}

/// Also for a file that is nothing but a UNet with the original's prefix.
const std::vector<double>* markerOf(const ModelTensors& model, const std::string& name) {
  for (const std::string& key : {name, "model.diffusion_model." + name}) {
    const auto found = model.markers.find(key);
    if (found != model.markers.end()) return &found->second;
  }
  return nullptr;
}

bool isSensible(const EdmNoise& noise) {
  return std::isfinite(noise.largest) && noise.smallest > 0 && noise.largest > noise.smallest && noise.largest < 1e6 &&
         noise.dataDeviation > 1e-3 && noise.dataDeviation < 1e3;
}

bool isSensible(const LatentStatistics& latents) {
  const auto finite = [](double x) { return std::isfinite(x); };
  const auto spread = [](double x) { return std::isfinite(x) && x > 0; };
  return !latents.mean.empty() && latents.mean.size() == latents.deviation.size() && latents.scale > 0 &&
         std::isfinite(latents.scale) && std::all_of(latents.mean.begin(), latents.mean.end(), finite) &&
         std::all_of(latents.deviation.begin(), latents.deviation.end(), spread);
}

std::optional<EdmModel> edmFromMarkers(const ModelTensors& model) {
  EdmModel edm;
  if (const auto* largest = markerOf(model, "edm_vpred.sigma_max")) {
    edm.velocity = true;
    edm.noise = kCosXlNoise;
    const auto* smallest = markerOf(model, "edm_vpred.sigma_min");
    if (largest->size() == 1) edm.noise.largest = largest->front();
    if (smallest != nullptr && smallest->size() == 1) edm.noise.smallest = smallest->front();
    if (!isSensible(edm.noise)) edm.noise = kCosXlNoise;
    return edm;
  }
  const auto* mean = markerOf(model, "edm_mean");
  if (mean == nullptr) return std::nullopt;
  const auto* deviation = markerOf(model, "edm_std");
  edm.noise = kPlaygroundNoise;
  edm.latents = playgroundLatents();
  if (deviation != nullptr) edm.latents->mean = *mean, edm.latents->deviation = *deviation;
  if (!isSensible(*edm.latents)) edm.latents = playgroundLatents();
  return edm;
}

std::optional<EdmModel> edmFromMetadata(const ModelTensors& model) {
  const auto entry = model.metadata.find("modelspec.prediction_type");
  if (entry == model.metadata.end() || !entry->second.starts_with("edm")) return std::nullopt;
  EdmModel edm;
  edm.source = PredictionSource::Metadata;
  edm.velocity = entry->second.find('v') != std::string::npos;
  edm.noise = edm.velocity ? kCosXlNoise : kPlaygroundNoise;
  if (!edm.velocity) edm.latents = playgroundLatents();
  return edm;
}

double numberAt(const Json& json, const char* name, double otherwise) {
  const auto found = json.find(name);
  return found != json.end() && found->is_number() ? found->get<double>() : otherwise;
}

std::vector<double> numbersAt(const Json& json, const char* name) {
  std::vector<double> numbers;
  const auto found = json.find(name);
  if (found == json.end() || !found->is_array()) return numbers;
  for (const Json& number : *found) {
    if (number.is_number()) numbers.push_back(number.get<double>());
  }
  return numbers;
}

std::optional<EdmModel> edmFromFolder(const ModelTensors& model) {
  const Json scheduler = Json::parse(model.schedulerConfig, nullptr, false);
  if (!scheduler.is_object()) return std::nullopt;
  const auto name = scheduler.find("_class_name");
  if (name == scheduler.end() || !name->is_string() || !name->get<std::string>().starts_with("EDM"))
    return std::nullopt;
  EdmModel edm;
  edm.source = PredictionSource::Configuration;
  edm.noise = {numberAt(scheduler, "sigma_min", 0.002), numberAt(scheduler, "sigma_max", 80),
               numberAt(scheduler, "sigma_data", 0.5)};
  if (!isSensible(edm.noise)) edm.noise = kPlaygroundNoise;
  edm.velocity = scheduler.value("prediction_type", Json("epsilon")) == Json("v_prediction");
  const Json vae = Json::parse(model.vaeConfig, nullptr, false);
  if (!vae.is_object()) return edm;
  LatentStatistics latents{numbersAt(vae, "latents_mean"), numbersAt(vae, "latents_std"),
                           numberAt(vae, "scaling_factor", 0)};
  if (isSensible(latents)) edm.latents = std::move(latents);
  return edm;
}

}  // namespace

std::optional<EdmModel> edmModelIn(const ModelTensors& model) {
  if (auto edm = edmFromMarkers(model)) return edm;
  if (auto edm = edmFromMetadata(model)) return edm;
  return edmFromFolder(model);
}

}  // namespace studio::engine
