#include "engine/text/tokens/prompt_schedule.h"

#include "engine/text/tokens/prompt_parser.h"
#include "engine/text/tokens/unicode_text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <memory>
#include <optional>
#include <set>
#include <utility>

namespace studio::engine {
namespace {

struct PromptNode;
using PromptNodes = std::vector<PromptNode>;

/// What a stretch of a prompt says: plain bytes, one thing after another, an exchange at a step, or one of several.
struct PromptNode {
  enum class Kind { Bytes, Sequence, Exchange, Alternation };
  Kind kind = Kind::Bytes;
  std::size_t begin = 0, end = 0;  ///< Bytes
  PromptNodes children;            ///< Sequence: all; Exchange: before, after; Alternation: one for each turn
  std::string_view when;           ///< Exchange
};

bool isDigit(char c) { return c >= '0' && c <= '9'; }

std::size_t skipDigits(std::string_view text, std::size_t at) {
  while (at < text.size() && isDigit(text[at])) ++at;
  return at;
}

/// The decimal number that is all of `text` but white space: sign, digits with a point before, among or behind them,
/// exponent.
std::optional<std::string_view> soleNumber(std::string_view text) {
  const auto trimmed = unicode::trimmed(text);
  std::size_t at = !trimmed.empty() && (trimmed[0] == '+' || trimmed[0] == '-') ? 1 : 0;
  const std::size_t whole = skipDigits(trimmed, at);
  std::size_t digits = whole - at;
  at = whole;
  if (at < trimmed.size() && trimmed[at] == '.') {
    const std::size_t behind = skipDigits(trimmed, at + 1);
    digits += behind - at - 1;
    at = behind;
  }
  if (digits == 0) return std::nullopt;
  if (at < trimmed.size() && (trimmed[at] == 'e' || trimmed[at] == 'E')) {
    ++at;
    if (at < trimmed.size() && (trimmed[at] == '+' || trimmed[at] == '-')) ++at;
    const std::size_t behind = skipDigits(trimmed, at);
    if (behind == at) return std::nullopt;
    at = behind;
  }
  return at == trimmed.size() ? std::optional(trimmed) : std::nullopt;
}

/// Reads a prompt once from left to right. A bracket that turns out to be text makes text of all brackets around it
/// too, because brackets with a meaning hold only such.
class PromptScheduleReader {
 public:
  explicit PromptScheduleReader(std::string_view text) : text_(text) {}

  /// Nothing when the whole prompt is plain text.
  std::optional<PromptNode> read() {
    frames_.push_back(Frame{});
    for (std::size_t at = 0; at < text_.size();) {
      const std::size_t end = at + lengthAt(at);
      if (end == at || !take(text_[at], at, end)) return std::nullopt;
      at = end;
    }
    if (!openBracketsAreText()) return std::nullopt;
    return PromptNode{PromptNode::Kind::Sequence, 0, 0, std::move(frames_.front().segments.front()), {}};
  }

 private:
  /// An open bracket; the first frame is the prompt itself.
  struct Frame {
    char opener = 0;
    std::size_t opened = 0;
    std::vector<PromptNodes> segments = std::vector<PromptNodes>(1);  ///< between the separators
    std::vector<std::size_t> separators;                              ///< places of ':' and '|'
  };

  /// Bytes of the piece at a place: an escape, a run of plain bytes or a sign. 0: a lone backslash.
  std::size_t lengthAt(std::size_t at) const {
    if (text_[at] == '\\') return at + 1 < text_.size() && text_[at + 1] != '\n' ? 2 : 0;
    const std::size_t end = std::min(text_.find_first_of("\\()[]:|", at), text_.size());
    return std::max<std::size_t>(end - at, 1);
  }

  /// False when the prompt is no schedule.
  bool take(char first, std::size_t at, std::size_t end) {
    const bool top = frames_.size() == 1;
    if (first == '(' || first == '[') {
      if (frames_.size() > kDeepestNesting) return false;
      frames_.push_back(Frame{first, at});
      return true;
    }
    if (first == ')' || first == ']') return close(first, at);
    if (first == '|' && top) return false;
    if ((first == '|' || first == ':') && !top) {
      frames_.back().separators.push_back(at);
      frames_.back().segments.emplace_back();
      return true;
    }
    addBytes(at, end);
    return true;
  }

  void addBytes(std::size_t begin, std::size_t end) {
    PromptNodes& nodes = frames_.back().segments.back();
    const bool continues = !nodes.empty() && nodes.back().kind == PromptNode::Kind::Bytes && nodes.back().end == begin;
    if (continues)
      nodes.back().end = end;
    else
      nodes.push_back({PromptNode::Kind::Bytes, begin, end, {}, {}});
  }

  bool close(char closer, std::size_t at) {
    if (frames_.size() > 1 && frames_.back().opener == (closer == ')' ? '(' : '[')) {
      if (auto node = nodeFrom(frames_.back(), at)) {
        frames_.pop_back();
        frames_.back().segments.back().push_back(std::move(*node));
        return true;
      }
    }
    if (!openBracketsAreText()) return false;
    addBytes(at, at + 1);
    return true;
  }

  std::optional<PromptNode> nodeFrom(Frame& frame, std::size_t closed) const {
    const auto count = [&](char sign) {
      return std::count_if(frame.separators.begin(), frame.separators.end(),
                           [&](std::size_t at) { return text_[at] == sign; });
    };
    const auto colons = count(':'), bars = count('|');
    const bool round = frame.opener == '(';
    if (bars == 0 && colons <= (round ? 1 : 0)) return weighted(frame, closed);
    if (round || (bars > 0 && colons > 0) || colons > 2) return std::nullopt;
    return bars > 0 ? alternation(frame) : exchange(frame);
  }

  /// Brackets for weights are text, and so is their colon.
  static PromptNode weighted(Frame& frame, std::size_t closed) {
    PromptNode node{PromptNode::Kind::Sequence, 0, 0, {}, {}};
    const auto sign = [&node](std::size_t at) {
      node.children.push_back({PromptNode::Kind::Bytes, at, at + 1, {}, {}});
    };
    sign(frame.opened);
    for (std::size_t i = 0; i < frame.segments.size(); ++i) {
      if (i > 0) sign(frame.separators[i - 1]);
      for (PromptNode& child : frame.segments[i]) node.children.push_back(std::move(child));
    }
    sign(closed);
    return node;
  }

  static PromptNode alternation(Frame& frame) {
    PromptNode node{PromptNode::Kind::Alternation, 0, 0, {}, {}};
    for (PromptNodes& turn : frame.segments) {
      node.children.push_back({PromptNode::Kind::Sequence, 0, 0, std::move(turn), {}});
    }
    return node;
  }

  std::optional<PromptNode> exchange(Frame& frame) const {
    const PromptNodes& last = frame.segments.back();
    if (last.size() != 1 || last.front().kind != PromptNode::Kind::Bytes) return std::nullopt;
    const auto when = soleNumber(text_.substr(last.front().begin, last.front().end - last.front().begin));
    if (!when) return std::nullopt;
    PromptNode node{PromptNode::Kind::Exchange, 0, 0, {}, *when};
    if (frame.segments.size() == 2) node.children.push_back({PromptNode::Kind::Sequence, 0, 0, {}, {}});
    for (std::size_t i = 0; i + 1 < frame.segments.size(); ++i) {
      node.children.push_back({PromptNode::Kind::Sequence, 0, 0, std::move(frame.segments[i]), {}});
    }
    return node;
  }

  /// What stands in them goes to the prompt itself. False when there is a '|' among it.
  bool openBracketsAreText() {
    std::vector<Frame> open(std::make_move_iterator(frames_.begin() + 1), std::make_move_iterator(frames_.end()));
    frames_.resize(1);
    for (Frame& frame : open) {
      addBytes(frame.opened, frame.opened + 1);
      for (std::size_t i = 0; i < frame.segments.size(); ++i) {
        if (i > 0 && text_[frame.separators[i - 1]] == '|') return false;
        if (i > 0) addBytes(frame.separators[i - 1], frame.separators[i - 1] + 1);
        for (PromptNode& node : frame.segments[i]) frames_.front().segments.back().push_back(std::move(node));
      }
    }
    return true;
  }

  std::string_view text_;
  std::vector<Frame> frames_;
};

/// Writes the text of one step after another.
class PromptScheduleWriter {
 public:
  PromptScheduleWriter(const SourceText& prompt, const PromptNode& root, int steps, PromptTimeline timeline)
      : prompt_(prompt), root_(root), steps_(steps), timeline_(timeline) {}

  std::vector<ScheduledText> write() {
    ends_.insert(steps_);
    collectEnds(root_);
    std::vector<ScheduledText> schedule;
    for (const int end : ends_) {
      step_ = end;
      SourceText text;
      append(root_, text);
      if (text.source.empty()) text.source.push_back({0, 0});
      schedule.push_back({end, std::move(text)});
    }
    return schedule;
  }

 private:
  void collectEnds(const PromptNode& node) {
    if (node.kind == PromptNode::Kind::Exchange && lastStepBefore(node) >= 1) ends_.insert(lastStepBefore(node));
    if (node.kind == PromptNode::Kind::Alternation) {
      for (int step = 1; step <= steps_ && static_cast<int>(ends_.size()) < steps_; ++step) ends_.insert(step);
    }
    for (const PromptNode& child : node.children) collectEnds(child);
  }

  /// The last step at which an exchange shows what was before; may be below 1.
  int lastStepBefore(const PromptNode& node) const {
    const std::string_view digits = node.when.substr(node.when.starts_with('+') ? 1 : 0);
    double value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error == std::errc::result_out_of_range) {
      const std::size_t exponent = digits.find_first_of("eE");
      const bool tiny = exponent != std::string_view::npos && digits.substr(exponent + 1).starts_with('-');
      value = tiny ? 0 : digits.starts_with('-') ? -steps_ : steps_;
    }
    const bool isShare = timeline_ == PromptTimeline::Steps ? digits.find('.') != std::string_view::npos : value < 1;
    if (isShare) value *= steps_;
    return static_cast<int>(std::clamp<double>(value, -steps_, steps_));
  }

  void append(const PromptNode& node, SourceText& text) const {
    switch (node.kind) {
      case PromptNode::Kind::Bytes:
        return text.append(prompt_, node.begin, node.end);
      case PromptNode::Kind::Sequence:
        for (const PromptNode& child : node.children) append(child, text);
        return;
      case PromptNode::Kind::Exchange:
        return append(node.children[step_ <= lastStepBefore(node) ? 0 : 1], text);
      case PromptNode::Kind::Alternation:
        return append(node.children[static_cast<std::size_t>(step_ - 1) % node.children.size()], text);
    }
  }

  const SourceText& prompt_;
  const PromptNode& root_;
  int steps_;
  PromptTimeline timeline_;
  std::set<int> ends_;
  int step_ = 1;
};

}  // namespace

std::vector<ScheduledText> schedulePrompt(const SourceText& prompt, int steps, PromptTimeline timeline) {
  steps = std::max(steps, 1);
  const auto root = PromptScheduleReader(prompt.text).read();
  if (!root) return {{steps, prompt}};
  return PromptScheduleWriter(prompt, *root, steps, timeline).write();
}

}  // namespace studio::engine
