#include "engine/image/dialects/comfyui_graph.h"

#include <algorithm>
#include <array>

namespace studio::engine {
namespace {

constexpr std::size_t kMostNodes = 4096;
constexpr std::size_t kMostInputs = 512;
constexpr int kDeepestWalk = 64;
constexpr int kMostTextSteps = 1024;
constexpr std::size_t kLongestText = 65536;

bool isLink(const Json& value) {
  return value.is_array() && value.size() == 2 && (value[0].is_string() || value[0].is_number_integer()) &&
         value[1].is_number_integer();
}

std::string idOfNode(const Json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

bool isText(std::string_view input) { return input.find("text") != std::string_view::npos || input == "string"; }

/// Under what names nodes that only hold a value keep it, the likeliest first.
constexpr std::array<std::string_view, 14> kValueNames{"value",     "Value", "seed",  "noise_seed", "int",
                                                       "float",     "INT",   "FLOAT", "number",     "Number",
                                                       "int_value", "combo", "a",     "any"};
constexpr std::array<std::string_view, 16> kTextNames{
    "text",     "string",         "String", "STRING",        "value", "Value",  "prompt", "Text",
    "positive", "populated_text", "input",  "wildcard_text", "any",   "text_0", "source", "anything"};

/// Pairs of inputs that nodes put together.
struct Join {
  std::array<std::string_view, 4> inputs;
};
constexpr std::array<Join, 4> kJoins{{{{"string_a", "string_b", "", ""}},
                                      {{"text_a", "text_b", "text_c", "text_d"}},
                                      {{"text1", "text2", "text3", "text4"}},
                                      {{"string1", "string2", "string3", "string4"}}}};

}  // namespace

bool ComfyNode::isCalled(std::initializer_list<std::string_view> parts) const {
  return std::any_of(parts.begin(), parts.end(),
                     [this](std::string_view part) { return type.find(part) != std::string::npos; });
}

ComfyGraph::ComfyGraph(const Json& prompt) {
  for (const auto& [id, node] : prompt.items()) {
    const Json* inputs = memberOf(node, "inputs");
    const std::string type = textOf(node, "class_type");
    if (type.empty() || inputs == nullptr || !inputs->is_object() || inputs->size() > kMostInputs) continue;
    if (nodes_.size() >= kMostNodes) break;
    nodes_.emplace(id, ComfyNode{id, type, inputs});
  }
}

bool ComfyGraph::isPrompt(const Json& json) {
  return json.is_object() && std::any_of(json.begin(), json.end(), [](const Json& node) {
           return memberOf(node, "class_type") != nullptr && memberOf(node, "inputs") != nullptr;
         });
}

std::optional<ComfyLink> ComfyGraph::link(const ComfyNode& node, std::string_view input) const {
  const Json* value = memberOf(*node.inputs, input);
  if (value == nullptr || !isLink(*value)) return std::nullopt;
  const auto found = nodes_.find(idOfNode((*value)[0]));
  if (found == nodes_.end()) return std::nullopt;
  return ComfyLink{&found->second, (*value)[1].get<int>()};
}

std::vector<ComfyLink> ComfyGraph::links(const ComfyNode& node) const {
  std::vector<ComfyLink> all;
  for (const auto& [name, value] : node.inputs->items()) {
    if (const auto next = link(node, name)) all.push_back(*next);
  }
  return all;
}

const Json* ComfyGraph::value(const ComfyNode& node, std::string_view input) const {
  return valueBehind(node, input, 0);
}

const Json* ComfyGraph::valueBehind(const ComfyNode& node, std::string_view input, int depth) const {
  const Json* found = memberOf(*node.inputs, input);
  if (found == nullptr || depth > kDeepestWalk) return nullptr;
  if (!isLink(*found)) return found;
  const auto next = link(node, input);
  if (!next) return nullptr;
  if (next->node->has(input)) return valueBehind(*next->node, input, depth + 1);
  for (const std::string_view name : kValueNames) {
    if (next->node->has(name)) return valueBehind(*next->node, name, depth + 1);
  }
  // Reroutes and switches under other names: the only input there is.
  if (next->node->inputs->size() == 1) return valueBehind(*next->node, next->node->inputs->begin().key(), depth + 1);
  return nullptr;
}

std::optional<double> ComfyGraph::number(const ComfyNode& node, std::string_view input) const {
  const Json* found = value(node, input);
  return found == nullptr ? std::nullopt : numberOf(*found);
}

std::optional<std::string> ComfyGraph::text(const ComfyNode& node, std::string_view input) const {
  textSteps_ = 0;
  if (isText(input) || input == "positive" || input == "negative") return textBehind(node, input, 0);
  const Json* found = value(node, input);
  if (found == nullptr) return std::nullopt;
  if (found->is_string()) return found->get<std::string>();
  const std::string content = textOf(*found, "content");  // choosers with pictures keep the name in an object
  return content.empty() ? std::nullopt : std::optional(content);
}

std::optional<std::string> ComfyGraph::textBehind(const ComfyNode& node, std::string_view input, int depth) const {
  const Json* found = memberOf(*node.inputs, input);
  if (found == nullptr || depth > kDeepestWalk || ++textSteps_ > kMostTextSteps) return std::nullopt;
  if (found->is_string()) return found->get<std::string>();
  const auto next = link(node, input);
  if (!next) return std::nullopt;
  if (const auto joined = joinedText(*next->node, depth + 1)) return joined;
  for (const std::string_view name : kTextNames) {
    if (!next->node->has(name)) continue;
    if (auto text = textBehind(*next->node, name, depth + 1)) return text;
  }
  if (next->node->inputs->size() == 1) return textBehind(*next->node, next->node->inputs->begin().key(), depth + 1);
  return std::nullopt;
}

std::optional<std::string> ComfyGraph::joinedText(const ComfyNode& node, int depth) const {
  for (const Join& join : kJoins) {
    if (!node.has(join.inputs[0]) || !node.has(join.inputs[1])) continue;
    std::string delimiter = textOf(*node.inputs, "delimiter");
    if (delimiter.empty()) delimiter = textOf(*node.inputs, "separator");
    if (delimiter == "\\n") delimiter = "\n";
    std::string text;
    for (const std::string_view input : join.inputs) {
      const auto part = input.empty() ? std::nullopt : textBehind(node, input, depth + 1);
      if (!part || part->empty()) continue;
      text += (text.empty() ? "" : delimiter) + *part;
      if (text.size() > kLongestText) return std::nullopt;
    }
    return text;
  }
  return std::nullopt;
}

}  // namespace studio::engine
