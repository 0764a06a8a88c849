#include "engine/image/dialects/comfyui_prompts.h"

#include <array>

namespace studio::engine {
namespace {

constexpr int kDeepestWalk = 64;
constexpr int kMostSteps = 2048;

class PromptWalk {
 public:
  PromptWalk(const ComfyGraph& graph, InfoWriter& writer) : graph_(graph), writer_(writer) {}

  ComfyPrompt behind(const ComfyLink& link, int depth) {
    const ComfyNode& node = *link.node;
    if (depth > kDeepestWalk || ++steps_ > kMostSteps) return {};
    if (const auto text = encodedText(node, link.slot)) return {*text, translateComfyUiPrompt(*text), &node};
    if (node.isCalled({"ConditioningZeroOut"})) return {"", {}, &node};
    if (node.isCalled({"ConditioningConcat"}))
      return together(node, {"conditioning_to", "conditioning_from"}, " BREAK ", depth);
    if (node.isCalled({"ConditioningCombine"}))
      return together(node, {"conditioning_1", "conditioning_2"}, " AND ", depth);
    noteNode(node);
    return onward(node, link.slot, depth);
  }

 private:
  /// The text if this node encodes one. Loaders that hold both prompts give them at slots 1 and 2.
  std::optional<std::string> encodedText(const ComfyNode& node, int slot) {
    if (node.has("text") && !node.has("conditioning")) return graph_.text(node, "text");
    if (node.has("ckpt_name") && node.has("positive")) return graph_.text(node, slot == 2 ? "negative" : "positive");
    for (const auto& [first, second] : kPairs) {
      if (!node.has(first) || !node.has(second)) continue;
      const std::string one = graph_.text(node, first).value_or("");
      const std::string two = graph_.text(node, second).value_or("");
      if (!one.empty() && !two.empty() && one != two) writer_.note(NoteKind::Setting, std::string(second), two);
      return one.empty() ? two : one;
    }
    return std::nullopt;
  }

  ComfyPrompt together(const ComfyNode& node, std::array<std::string_view, 2> inputs, const char* word, int depth) {
    ComfyPrompt all;
    for (const std::string_view input : inputs) {
      const auto next = graph_.link(node, input);
      const ComfyPrompt part = next ? behind(*next, depth + 1) : ComfyPrompt{};
      if (part.encoder == nullptr) continue;
      const bool first = all.encoder == nullptr;
      all.original += (first ? "" : "\n") + part.original;
      all.translated.text += (first ? "" : word) + part.translated.text;
      const auto& named = part.translated.untranslated;
      all.translated.untranslated.insert(all.translated.untranslated.end(), named.begin(), named.end());
      const auto& embeddings = part.translated.embeddings;
      all.translated.embeddings.insert(all.translated.embeddings.end(), embeddings.begin(), embeddings.end());
      all.encoder = part.encoder;
      if (all.original.size() > 65536) break;
    }
    return all;
  }

  void noteNode(const ComfyNode& node) {
    if (node.isCalled({"Reroute"})) return;
    if (node.isCalled({"ControlNet"})) {
      const auto loader = graph_.link(node, "control_net");
      const auto name = loader ? graph_.text(*loader->node, "control_net_name") : std::nullopt;
      return writer_.note(NoteKind::Setting, "ControlNet", name.value_or(""));
    }
    writer_.note(NoteKind::Node, node.type);
  }

  /// Nodes with both prompts pass the positive one through slot 0, the negative one through slot 1.
  ComfyPrompt onward(const ComfyNode& node, int slot, int depth) {
    for (const std::string_view input :
         {slot == 1 ? "negative" : "positive", "conditioning", "cond", "conditioning_to"}) {
      if (const auto next = graph_.link(node, input)) return behind(*next, depth + 1);
    }
    for (const ComfyLink& next : graph_.links(node)) {
      const ComfyPrompt prompt = behind(next, depth + 1);
      if (prompt.encoder != nullptr) return prompt;
    }
    return {};
  }

  static constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kPairs{
      {{"text_g", "text_l"}, {"clip_l", "t5xxl"}, {"positive_g", "positive_l"}}};

  const ComfyGraph& graph_;
  InfoWriter& writer_;
  int steps_ = 0;
};

}  // namespace

ComfyPrompt comfyPromptBehind(const ComfyGraph& graph, const ComfyLink& link, InfoWriter& writer) {
  return PromptWalk(graph, writer).behind(link, 0);
}

}  // namespace studio::engine
