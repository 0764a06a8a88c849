#include "engine/text/tokens/prompt_parser.h"

#include "engine/api/number_text.h"
#include "engine/text/tokens/unicode_text.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace studio::engine {
namespace {

constexpr std::string_view kBreakWord = "BREAK";
constexpr double kBracketFactor = 1.1;

std::size_t skipSpace(std::string_view text, std::size_t position) {
  return text.size() - unicode::withoutLeadingSpace(text.substr(position)).size();
}

/// Length of the tag `<word:…>` at `begin`, or 0; `colon` is then the place of its first colon.
std::size_t tagLength(std::string_view prompt, std::size_t begin, std::size_t& colon) {
  std::size_t position = begin + 1;
  while (position < prompt.size()) {
    std::size_t next = position;
    if (!unicode::isWordCharacter(unicode::decodeUtf8(prompt, next))) break;
    position = next;
  }
  if (position == begin + 1 || position >= prompt.size() || prompt[position] != ':') return 0;
  const std::size_t end = prompt.find('>', position);
  if (end == std::string_view::npos || end == position + 1) return 0;
  colon = position;
  return end + 1 - begin;
}

/// A stretch while its brackets may still be open.
struct Piece {
  std::size_t begin = 0, end = 0;  ///< in the plain text
  double weight = 1;
  bool chunkBreak = false;
};

/// Reads the plain text from left to right into pieces, as A1111's parse_prompt_attention does.
class EmphasisReader {
 public:
  explicit EmphasisReader(std::string_view text) : text_(text) {}

  std::vector<Piece> read() {
    while (position_ < text_.size()) readOne();
    for (const std::size_t first : round_) multiplyFrom(first, kBracketFactor);
    for (const std::size_t first : square_) multiplyFrom(first, 1 / kBracketFactor);
    return std::move(pieces_);
  }

 private:
  void readOne() {
    const char c = text_[position_];
    if (c == '\\') return readEscape();
    if (c == '(' && round_.size() < kDeepestNesting) return open(round_);
    if (c == '[' && square_.size() < kDeepestNesting) return open(square_);
    if (c == ':' && !round_.empty() && closeWithWeight()) return;
    if (c == ')' && !round_.empty()) return close(round_, kBracketFactor);
    if (c == ']' && !square_.empty()) return close(square_, 1 / kBracketFactor);
    const std::size_t end = std::min(text_.find_first_of("\\()[]:", position_ + 1), text_.size());
    const bool special = std::string_view("()[]:").find(c) != std::string_view::npos;
    readWords(special ? position_ + 1 : end);
  }

  void readEscape() {
    const bool escapes =
        position_ + 1 < text_.size() && std::string_view("()[]\\").find(text_[position_ + 1]) != std::string_view::npos;
    if (escapes) pieces_.push_back({position_ + 1, position_ + 2});
    position_ += escapes ? 2 : 1;  // a lone backslash vanishes
  }

  void open(std::vector<std::size_t>& brackets) {
    brackets.push_back(pieces_.size());
    ++position_;
  }

  void close(std::vector<std::size_t>& brackets, double factor) {
    multiplyFrom(brackets.back(), factor);
    brackets.pop_back();
    ++position_;
  }

  /// `: 1.3 )`
  bool closeWithWeight() {
    const std::size_t begin = skipSpace(text_, position_ + 1);
    std::size_t end = begin;
    if (end < text_.size() && (text_[end] == '+' || text_[end] == '-')) ++end;
    end = std::min(text_.find_first_not_of(".0123456789", end), text_.size());
    const std::size_t bracket = skipSpace(text_, end);
    if (bracket >= text_.size() || text_[bracket] != ')') return false;
    const std::optional<double> weight = finiteNumber(text_.substr(begin, end - begin));
    if (!weight) return false;
    position_ = bracket;
    close(round_, *weight);
    return true;
  }

  /// Text up to `end`, cut where BREAK stands as a word; white space around it goes too.
  void readWords(std::size_t end) {
    const std::string_view words = text_.substr(position_, end - position_);
    std::size_t done = 0;
    for (std::size_t at = words.find(kBreakWord); at != std::string_view::npos; at = words.find(kBreakWord, at)) {
      const std::size_t after = at + kBreakWord.size();
      if (!unicode::standsAlone(words, at, after)) {
        at = after;
        continue;
      }
      addText(done, unicode::withoutTrailingSpace(words.substr(done, at - done)).size());
      at = done = skipSpace(words, after);
      pieces_.push_back({position_ + done, position_ + done, 1, true});
    }
    addText(done, words.size() - done);
    position_ = end;
  }

  void addText(std::size_t offset, std::size_t length) {
    pieces_.push_back({position_ + offset, position_ + offset + length});
  }

  void multiplyFrom(std::size_t first, double factor) {
    for (std::size_t i = first; i < pieces_.size(); ++i) {
      pieces_[i].weight = std::clamp<double>(pieces_[i].weight * factor, -kLargestWeight, kLargestWeight);
    }
  }

  std::string_view text_;
  std::size_t position_ = 0;
  std::vector<Piece> pieces_;
  std::vector<std::size_t> round_, square_;  ///< the first piece inside each open bracket
};

}  // namespace

TaggedPrompt takeTagsOut(std::string_view prompt) {
  TaggedPrompt tagged;
  const SourceText whole = SourceText::of(prompt);
  std::size_t done = 0, colon = 0;
  const std::size_t lastEnd = prompt.rfind('>');
  for (std::size_t at = prompt.find('<'); at < lastEnd && lastEnd != std::string_view::npos;
       at = prompt.find('<', at)) {
    const std::size_t length = tagLength(prompt, at, colon);
    if (length == 0) {
      ++at;
      continue;
    }
    tagged.text.append(whole, done, at);
    const std::string_view kind = prompt.substr(at + 1, colon - at - 1);
    const auto lora = kind == "lora" || kind == "lyco" ? parseLoraTag(prompt.substr(colon + 1, at + length - colon - 2))
                                                       : std::nullopt;
    if (lora)
      tagged.loras.push_back(*lora);
    else
      tagged.unknownTags.emplace_back(prompt.substr(at, length));
    at += length;
    done = at;
  }
  tagged.text.append(whole, done, prompt.size());
  return tagged;
}

std::vector<WeightedText> parseWeights(const SourceText& text) {
  std::vector<Piece> pieces = EmphasisReader(text.text).read();
  if (pieces.empty()) pieces.emplace_back();
  std::vector<WeightedText> parts;
  const Piece* last = nullptr;
  for (const Piece& piece : pieces) {
    const bool continues = last && !last->chunkBreak && !piece.chunkBreak && last->weight == piece.weight;
    if (!continues) parts.push_back({{}, static_cast<float>(piece.weight), piece.chunkBreak});
    parts.back().append(text, piece.begin, piece.end);
    last = &piece;
  }
  return parts;
}

ParsedPrompt parsePrompt(std::string_view prompt) {
  TaggedPrompt tagged = takeTagsOut(prompt);
  return {parseWeights(tagged.text), std::move(tagged.loras), std::move(tagged.unknownTags)};
}

}  // namespace studio::engine
