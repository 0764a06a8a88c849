#pragma once

#include "engine/image/dialects/bounded_json.h"

#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace studio::engine {

/// One step of a ComfyUI graph. `inputs` is an object in the JSON the graph was made from.
struct ComfyNode {
  std::string id;
  std::string type;
  const Json* inputs = nullptr;

  bool has(std::string_view input) const { return memberOf(*inputs, input) != nullptr; }
  bool isCalled(std::initializer_list<std::string_view> parts) const;  ///< the type contains one of them
};

/// Output `slot` of another node.
struct ComfyLink {
  const ComfyNode* node = nullptr;
  int slot = 0;
};

/// The graph a picture was made by ("API format": id → {class_type, inputs}). It refers to the JSON, which must live as
/// long. At most 4096 nodes; every walk is bounded by depth and by a count of steps, so loops end. Not thread-safe.
class ComfyGraph {
 public:
  explicit ComfyGraph(const Json& prompt);

  static bool isPrompt(const Json& json);
  const std::map<std::string, ComfyNode>& nodes() const { return nodes_; }

  /// Where an input comes from; nothing when it is a plain value, absent, or leads nowhere.
  std::optional<ComfyLink> link(const ComfyNode& node, std::string_view input) const;
  /// All of them, in the order of the inputs' names.
  std::vector<ComfyLink> links(const ComfyNode& node) const;

  /// A plain value, looked up through primitives, reroutes and seed nodes; nullptr when it cannot be told.
  const Json* value(const ComfyNode& node, std::string_view input) const;
  std::optional<double> number(const ComfyNode& node, std::string_view input) const;
  /// A text, also through nodes that hold, show or join texts.
  std::optional<std::string> text(const ComfyNode& node, std::string_view input) const;

  /// The first node upstream for which `wanted` holds, nearest first, not looking behind nodes that are found.
  template <class Predicate>
  const ComfyNode* nearest(const ComfyNode& from, Predicate wanted) const;

 private:
  static constexpr int kMostWalked = 1 << 20;

  const Json* valueBehind(const ComfyNode& node, std::string_view input, int depth) const;
  std::optional<std::string> textBehind(const ComfyNode& node, std::string_view input, int depth) const;
  std::optional<std::string> joinedText(const ComfyNode& node, int depth) const;

  std::map<std::string, ComfyNode> nodes_;
  mutable int walked_ = 0;     ///< links followed by all calls of nearest together
  mutable int textSteps_ = 0;  ///< of the look-up in progress: texts branch, and a hostile graph branches everywhere
};

template <class Predicate>
const ComfyNode* ComfyGraph::nearest(const ComfyNode& from, Predicate wanted) const {
  std::map<const ComfyNode*, bool> seen{{&from, true}};
  std::vector<const ComfyNode*> queue{&from};
  for (std::size_t i = 0; i < queue.size(); ++i) {
    for (const ComfyLink& next : links(*queue[i])) {
      if (++walked_ > kMostWalked) return nullptr;
      if (!seen.emplace(next.node, true).second) continue;
      if (wanted(*next.node)) return next.node;
      queue.push_back(next.node);
    }
  }
  return nullptr;
}

}  // namespace studio::engine
