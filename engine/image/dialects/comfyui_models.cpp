#include "engine/image/dialects/comfyui_models.h"

#include "engine/image/lora_tags.h"

#include <algorithm>
#include <array>
#include <optional>

namespace studio::engine {
namespace {

constexpr int kDeepestWalk = 256;
constexpr int kMostStacked = 50;

/// What a loader of models calls the file.
std::optional<std::string> modelFile(const ComfyGraph& graph, const ComfyNode& node) {
  for (const std::string_view input : {"ckpt_name", "unet_name", "base_ckpt_name", "model_path", "model_name"}) {
    if (auto name = node.has(input) ? graph.text(node, input) : std::nullopt) return name;
  }
  return std::nullopt;
}

std::optional<ComfyLink> modelBefore(const ComfyGraph& graph, const ComfyNode& node) {
  for (const std::string_view input : {"model", "MODEL", "model1", "base_model", "unet"}) {
    if (const auto next = graph.link(node, input)) return next;
  }
  const auto all = graph.links(node);
  return all.size() == 1 ? std::optional(all.front()) : std::nullopt;  // a reroute
}

class ModelWalk {
 public:
  ModelWalk(const ComfyGraph& graph, InfoWriter& writer) : graph_(graph), writer_(writer) {}

  void run(ComfyLink link) {
    for (int depth = 0; depth < kDeepestWalk; ++depth) {
      const ComfyNode& node = *link.node;
      takeLoras(node);
      if (const auto file = modelFile(graph_, node)) {
        writer_.model(*file);
        break;
      }
      notePatch(node);
      const auto next = modelBefore(graph_, node);
      if (!next) break;
      link = *next;
    }
    // The chain was walked from its end: the first LoRA applied comes first.
    std::reverse(loras_.begin(), loras_.end());
    for (const Lora& lora : loras_) writer_.lora(lora.name, lora.weight, {}, lora.textWeight);
  }

 private:
  void add(const std::optional<std::string>& name, std::optional<double> model, std::optional<double> clip) {
    if (!name || name->empty() || *name == "None" || loras_.size() > 256) return;
    loras_.push_back({*name, model.value_or(1), clip});
  }

  void takeLoras(const ComfyNode& node) {
    takeOne(node);
    takeNumbered(node);
    takeObjects(node);
    for (int depth = 0; depth < kMostStacked; ++depth) {
      const auto stack = graph_.link(stackOwner_ == nullptr ? node : *stackOwner_, "lora_stack");
      if (!stack) break;
      stackOwner_ = stack->node;
      takeNumbered(*stackOwner_);
    }
    stackOwner_ = nullptr;
  }

  void takeOne(const ComfyNode& node) {
    if (!node.has("lora_name")) return;
    const bool plain = node.has("strength_model");
    const std::string clip = plain ? "strength_clip" : "lora_clip_strength";
    const bool modelOnly = plain && !node.has(clip);
    add(graph_.text(node, "lora_name"), graph_.number(node, plain ? "strength_model" : "lora_model_strength"),
        modelOnly ? 0 : graph_.number(node, clip));
  }

  /// Stackers: lora_01 with strength_01, or lora_name_1 with model_weight_1 or lora_wt_1.
  void takeNumbered(const ComfyNode& node) {
    std::vector<std::pair<std::string, double>> found;
    for (int i = 1; i <= kMostStacked; ++i) {
      const std::string number = std::to_string(i);
      const std::string padded = (i < 10 ? "0" : "") + number;
      for (const auto& [name, weight] : {std::pair("lora_" + padded, "strength_" + padded),
                                         std::pair("lora_name_" + number, "model_weight_" + number),
                                         std::pair("lora_name_" + number, "lora_wt_" + number)}) {
        const Json* file = memberOf(*node.inputs, name);
        if (file == nullptr || !file->is_string() || !node.has(weight)) continue;
        if (textOf(*node.inputs, "switch_" + number) == "Off") continue;
        found.emplace_back(file->get<std::string>(), graph_.number(node, weight).value_or(1));
      }
    }
    for (auto entry = found.rbegin(); entry != found.rend(); ++entry) add(entry->first, entry->second, std::nullopt);
  }

  /// "lora_1": {"on": true, "lora": "…", "strength": 0.8}
  void takeObjects(const ComfyNode& node) {
    for (const auto& [name, value] : node.inputs->items()) {
      if (!value.is_object() || memberOf(value, "lora") == nullptr) continue;
      const Json* on = memberOf(value, "on");
      if (on == nullptr || !on->is_boolean() || !on->get<bool>()) continue;
      add(textOf(value, "lora"), numberOf(value, "strength"), numberOf(value, "strengthTwo"));
    }
  }

  void notePatch(const ComfyNode& node) {
    if (node.isCalled({"Lora", "LoRA", "LORA", "Reroute", "Power Lora"})) return;
    if (node.type == "ModelSamplingDiscrete") {
      const std::string kind = graph_.text(node, "sampling").value_or("");
      const Json* zero = memberOf(*node.inputs, "zsnr");
      if (zero != nullptr && zero->is_boolean())
        writer_.zeroTerminalSnr(zero->get<bool>() ? ZeroTerminalSnr::On : ZeroTerminalSnr::Off);
      if (kind == "v_prediction") return writer_.prediction(PredictionType::Velocity);
      if (kind == "eps") return writer_.prediction(PredictionType::Epsilon);
    }
    writer_.note(NoteKind::Node, node.type);
  }

  const ComfyGraph& graph_;
  InfoWriter& writer_;
  const ComfyNode* stackOwner_ = nullptr;
  struct Lora {
    std::string name;
    double weight = 1;
    std::optional<double> textWeight;
  };
  std::vector<Lora> loras_;
};

}  // namespace

void readComfyModel(const ComfyGraph& graph, const ComfyLink& link, InfoWriter& writer) {
  ModelWalk(graph, writer).run(link);
}

std::optional<std::string> comfyModelFile(const ComfyGraph& graph, const ComfyLink& link) {
  std::optional<ComfyLink> next = link;
  for (int depth = 0; next && depth < kDeepestWalk; ++depth) {
    if (auto file = modelFile(graph, *next->node)) return file;
    next = modelBefore(graph, *next->node);
  }
  return std::nullopt;
}

void readComfyClip(const ComfyGraph& graph, const ComfyNode& encoder, InfoWriter& writer) {
  const ComfyNode* node = &encoder;
  for (int depth = 0; depth < kDeepestWalk; ++depth) {
    const char* layerInput = node->has("stop_at_clip_layer") ? "stop_at_clip_layer" : "clip_skip";
    if (const auto layer = graph.number(*node, layerInput)) return writer.clipSkip(*layer < 0 ? -*layer : *layer);
    if (node->has("clip_name") && !node->has("ckpt_name"))
      return writer.textEncoder(graph.text(*node, "clip_name").value_or(""));
    const auto all = graph.links(*node);
    auto next = graph.link(*node, "clip");
    if (!next && all.size() == 1) next = all.front();
    if (!next) return;
    node = next->node;
  }
}

void readComfyVae(const ComfyGraph& graph, const ComfyNode& decoder, InfoWriter& writer) {
  const ComfyNode* node = &decoder;
  for (int depth = 0; depth < kDeepestWalk; ++depth) {
    if (const auto name = node->has("vae_name") ? graph.text(*node, "vae_name") : std::nullopt) {
      if (*name != "Baked VAE") writer.vae(*name);
      return;
    }
    auto next = graph.link(*node, "vae");
    if (!next && node->isCalled({"Reroute"}) && !graph.links(*node).empty()) next = graph.links(*node).front();
    if (!next) return;
    node = next->node;
  }
}

}  // namespace studio::engine
