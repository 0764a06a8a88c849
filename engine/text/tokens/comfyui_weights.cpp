#include "engine/text/tokens/comfyui_weights.h"

#include "engine/text/tokens/unicode_text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

namespace studio::engine {
namespace {

constexpr double kBracketFactor = 1.1;

std::optional<double> weightFrom(std::string_view text) {
  text = unicode::trimmed(text);
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return std::clamp<double>(value, -kLargestWeight, kLargestWeight);
}

class ComfyUiReader {
 public:
  explicit ComfyUiReader(const SourceText& source) : source_(source), text_(source.text) {}

  std::vector<WeightedText> read() {
    read(0, text_.size(), 1, 0);
    if (parts_.empty()) parts_.emplace_back();
    return std::move(parts_);
  }

 private:
  bool isEscape(std::size_t at) const {
    return text_[at] == '\\' && at + 1 < text_.size() && (text_[at + 1] == '(' || text_[at + 1] == ')');
  }

  /// Cuts [begin, end) into outermost brackets and what lies between them.
  void read(std::size_t begin, std::size_t end, double weight, std::size_t depth) {
    std::size_t item = begin;
    int nesting = 0;
    for (std::size_t at = begin; at < end; ++at) {
      if (isEscape(at)) {
        ++at;
      } else if (text_[at] == '(') {
        if (nesting == 0) item = take(item, at, weight, depth);
        ++nesting;
      } else if (text_[at] == ')') {
        --nesting;
        if (nesting == 0) item = take(item, at + 1, weight, depth);
      }
    }
    take(item, end, weight, depth);
  }

  /// Answers with `end`, where the next item begins.
  std::size_t take(std::size_t begin, std::size_t end, double weight, std::size_t depth) {
    const bool bracket = end - begin >= 2 && text_[begin] == '(' && text_[end - 1] == ')' && text_[end - 2] != '\\';
    if (!bracket || depth == kDeepestNesting) {
      addText(begin, end, weight);
      return end;
    }
    const std::string_view inner = text_.substr(begin + 1, end - begin - 2);
    const std::size_t colon = inner.rfind(':');
    const bool numbered = colon != std::string_view::npos && colon > 0;
    const auto number = numbered ? weightFrom(inner.substr(colon + 1)) : std::nullopt;
    const std::size_t innerEnd = number ? begin + 1 + colon : end - 1;
    const double times = std::clamp<double>(weight * kBracketFactor, -kLargestWeight, kLargestWeight);
    read(begin + 1, innerEnd, number.value_or(times), depth + 1);
    return end;
  }

  void addText(std::size_t begin, std::size_t end, double weight) {
    if (begin == end) return;
    parts_.push_back({{}, static_cast<float>(weight), false});
    std::size_t done = begin;
    for (std::size_t at = begin; at < end; ++at) {
      if (!isEscape(at)) continue;
      parts_.back().append(source_, done, at);
      done = ++at;
    }
    parts_.back().append(source_, done, end);
  }

  const SourceText& source_;
  std::string_view text_;
  std::vector<WeightedText> parts_;
};

}  // namespace

std::vector<WeightedText> parseComfyUiWeights(const SourceText& text) { return ComfyUiReader(text).read(); }

}  // namespace studio::engine
