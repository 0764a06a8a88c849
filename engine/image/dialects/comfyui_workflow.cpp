#include "engine/image/dialects/comfyui_workflow.h"

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace studio::engine {
namespace {

constexpr std::size_t kMostNodes = 4096;
constexpr int kMuted = 2;
constexpr int kBypassed = 4;

using Names = std::vector<std::string>;

/// Order of the widgets of nodes that are in most graphs. The choice behind a seed is no widget of the node's own.
const std::map<std::string, Names, std::less<>>& widgetNames() {
  static const std::map<std::string, Names, std::less<>> kNames{
      {"KSampler", {"seed", "steps", "cfg", "sampler_name", "scheduler", "denoise"}},
      {"KSamplerAdvanced",
       {"add_noise", "noise_seed", "steps", "cfg", "sampler_name", "scheduler", "start_at_step", "end_at_step",
        "return_with_leftover_noise"}},
      {"SamplerCustom", {"add_noise", "noise_seed", "cfg"}},
      {"RandomNoise", {"noise_seed"}},
      {"KSamplerSelect", {"sampler_name"}},
      {"BasicScheduler", {"scheduler", "steps", "denoise"}},
      {"KarrasScheduler", {"steps", "sigma_max", "sigma_min", "rho"}},
      {"CFGGuider", {"cfg"}},
      {"CLIPTextEncode", {"text"}},
      {"CLIPSetLastLayer", {"stop_at_clip_layer"}},
      {"CheckpointLoaderSimple", {"ckpt_name"}},
      {"CheckpointLoader", {"config_name", "ckpt_name"}},
      {"UNETLoader", {"unet_name", "weight_dtype"}},
      {"VAELoader", {"vae_name"}},
      {"CLIPLoader", {"clip_name", "type"}},
      {"LoraLoader", {"lora_name", "strength_model", "strength_clip"}},
      {"LoraLoaderModelOnly", {"lora_name", "strength_model"}},
      {"EmptyLatentImage", {"width", "height", "batch_size"}},
      {"EmptySD3LatentImage", {"width", "height", "batch_size"}},
      {"LatentUpscale", {"upscale_method", "width", "height", "crop"}},
      {"LoadImage", {"image"}},
      {"PrimitiveNode", {"value"}},
      {"ModelSamplingDiscrete", {"sampling", "zsnr"}},
  };
  return kNames;
}

/// Newer editors list a node's widgets among its inputs.
Names namesInFile(const Json& node) {
  Names names;
  const Json* inputs = memberOf(node, "inputs");
  if (inputs == nullptr || !inputs->is_array()) return names;
  for (const Json& input : *inputs) {
    const Json* widget = memberOf(input, "widget");
    if (widget != nullptr) names.push_back(textOf(*widget, "name"));
  }
  return names;
}

bool isSeedChoice(const Json& value) {
  if (value.is_boolean()) return true;
  return value == "fixed" || value == "increment" || value == "decrement" || value == "randomize";
}

void addWidgets(const Json& node, const std::string& type, Json& inputs) {
  const Json* values = memberOf(node, "widgets_values");
  if (values == nullptr) return;
  if (values->is_object()) {
    inputs.update(*values);
    return;
  }
  if (!values->is_array() || values->size() > 256) return;
  const auto known = widgetNames().find(type);
  const Names names = known == widgetNames().end() ? namesInFile(node) : known->second;
  std::size_t at = 0;
  for (const std::string& name : names) {
    if (at >= values->size()) return;
    inputs[name] = (*values)[at++];
    const bool seed = name == "seed" || name == "noise_seed";
    if (seed && at < values->size() && isSeedChoice((*values)[at])) ++at;
  }
}

/// link id → [node id, slot]; links are lists, in subgraphs objects.
std::map<std::string, Json> linksOf(const Json& workflow) {
  std::map<std::string, Json> links;
  const Json* list = memberOf(workflow, "links");
  if (list == nullptr || !list->is_array()) return links;
  for (const Json& link : *list) {
    if (link.is_array() && link.size() >= 3 && link[2].is_number_integer())
      links[link[0].dump()] = Json::array({anyTextOf(link[1]), link[2]});
  }
  return links;
}

void addLinks(const Json& node, const std::map<std::string, Json>& links, Json& inputs) {
  const Json* list = memberOf(node, "inputs");
  if (list == nullptr || !list->is_array()) return;
  for (const Json& input : *list) {
    const Json* id = memberOf(input, "link");
    const auto found = id == nullptr ? links.end() : links.find(id->dump());
    if (found != links.end()) inputs[textOf(input, "name")] = found->second;
  }
}

}  // namespace

std::optional<Json> comfyPromptFromWorkflow(const Json& workflow) {
  const Json* nodes = memberOf(workflow, "nodes");
  if (nodes == nullptr || !nodes->is_array() || nodes->size() > kMostNodes) return std::nullopt;
  const std::map<std::string, Json> links = linksOf(workflow);
  Json prompt = Json::object();
  for (const Json& node : *nodes) {
    const double mode = numberOf(node, "mode").value_or(0);
    const Json* id = memberOf(node, "id");
    std::string type = textOf(node, "type");
    if (mode == kMuted || id == nullptr || type.empty()) continue;
    Json inputs = Json::object();
    if (mode == kBypassed) {
      type = "Reroute (bypassed " + type + ")";
    } else {
      addWidgets(node, type, inputs);
    }
    addLinks(node, links, inputs);
    prompt[anyTextOf(*id)] = {{"class_type", type}, {"inputs", inputs}};
  }
  if (prompt.empty()) return std::nullopt;
  return prompt;
}

}  // namespace studio::engine
