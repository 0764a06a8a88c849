#include "engine/text/tokens/clip_tokenizer.h"

#include "engine/text/tokens/clip_bytes.h"
#include "engine/text/tokens/clip_merges.h"
#include "engine/text/tokens/unicode_text.h"

#include <algorithm>
#include <array>
#include <functional>
#include <iterator>
#include <queue>
#include <span>
#include <string>

namespace studio::engine {
namespace {

using unicode::SourceChar;

constexpr std::string_view kStartText = "<|startoftext|>";
constexpr std::string_view kEndText = "<|endoftext|>";

/// Rank of joining two neighbours, or -1.
int mergeRank(TokenId left, TokenId right) {
  const std::uint32_t pair = static_cast<std::uint32_t>(left) << 16 | static_cast<std::uint32_t>(right);
  const auto* end = std::end(kClipMerges);
  const auto* merge = std::lower_bound(std::begin(kClipMerges), end, pair,
                                       [](const ClipMerge& m, std::uint32_t p) { return m.pair < p; });
  return merge != end && merge->pair == pair ? merge->rank : -1;
}

/// Joins the bytes of one word: always the pair of lowest rank, the leftmost of equals. A heap of candidate pairs
/// over a linked list keeps this at n log n; candidates whose tokens have changed since are recognised and dropped.
class WordMerger {
 public:
  explicit WordMerger(std::string_view word) {
    pieces_.reserve(word.size());
    for (std::size_t i = 0; i < word.size(); ++i) {
      pieces_.push_back(
          {kClipByteIds[static_cast<unsigned char>(word[i])], static_cast<int>(i) - 1, static_cast<int>(i) + 1});
    }
    pieces_.back().id += kClipWordEnd;
    pieces_.back().next = kNone;
    for (int i = 0; i + 1 < static_cast<int>(pieces_.size()); ++i) offer(i);
  }

  void appendTo(std::vector<Token>& tokens, std::size_t offset) {
    while (!candidates_.empty()) {
      const Candidate best = candidates_.top();
      candidates_.pop();
      const Piece& left = pieces_[best.left];
      if (left.id == kGone || left.next == kNone || mergeRank(left.id, pieces_[left.next].id) != best.rank) continue;
      join(best);
    }
    for (int i = 0; i != kNone; i = pieces_[i].next) tokens.push_back({pieces_[i].id, offset});
  }

 private:
  static constexpr int kNone = -1;
  static constexpr TokenId kGone = -1;

  struct Piece {
    TokenId id;
    int previous, next;
  };
  struct Candidate {
    int rank, left;
    auto operator<=>(const Candidate&) const = default;
  };

  void offer(int left) {
    if (const int rank = mergeRank(pieces_[left].id, pieces_[pieces_[left].next].id); rank >= 0) {
      candidates_.push({rank, left});
    }
  }

  void join(const Candidate& pair) {
    Piece& left = pieces_[pair.left];
    Piece& right = pieces_[left.next];
    left.id = kClipFirstMerged + pair.rank;
    left.next = right.next;
    right.id = kGone;
    if (left.next != kNone) {
      pieces_[left.next].previous = pair.left;
      offer(pair.left);
    }
    if (left.previous != kNone) offer(left.previous);
  }

  std::vector<Piece> pieces_;
  std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>> candidates_;
};

/// Length of a contraction ('s 't 're 've 'm 'll 'd) at the start, or 0.
std::size_t contractionLength(std::span<const SourceChar> text) {
  static constexpr std::array<std::u32string_view, 7> kContractions{U"'s", U"'t", U"'re", U"'ve", U"'m", U"'ll", U"'d"};
  for (const std::u32string_view contraction : kContractions) {
    const bool fits =
        contraction.size() <= text.size() && std::equal(contraction.begin(), contraction.end(), text.begin(),
                                                        [](char32_t a, const SourceChar& b) { return a == b.value; });
    if (fits) return contraction.size();
  }
  return 0;
}

enum class CharClass { Space, Letter, Number, Other };

CharClass classOf(char32_t value) {
  if (unicode::isWhiteSpace(value)) return CharClass::Space;
  if (unicode::isLetter(value)) return CharClass::Letter;
  return unicode::isNumber(value) ? CharClass::Number : CharClass::Other;
}

/// Length of the word at the start: a contraction, a run of letters, one number, or a run of anything else but
/// space. The text does not begin with a space.
std::size_t wordLength(std::span<const SourceChar> text) {
  if (const std::size_t length = contractionLength(text)) return length;
  const CharClass first = classOf(text[0].value);
  if (first == CharClass::Number) return 1;
  std::size_t length = 1;
  while (length < text.size() && classOf(text[length].value) == first) ++length;
  return length;
}

/// Tokens of a stretch without special tokens; `base` is its place in the whole text.
void encodeStretch(std::string_view text, std::size_t base, std::vector<Token>& tokens) {
  const std::vector<SourceChar> chars = unicode::lowerCase(unicode::normaliseC(unicode::decodeAll(text, base)));
  std::span<const SourceChar> rest = chars;
  std::string word;
  while (!rest.empty()) {
    if (unicode::isWhiteSpace(rest[0].value)) {
      rest = rest.subspan(1);
      continue;
    }
    const std::size_t length = wordLength(rest);
    word.clear();
    for (const SourceChar& c : rest.first(length)) unicode::appendUtf8(word, c.value);
    WordMerger(word).appendTo(tokens, rest[0].offset);
    rest = rest.subspan(length);
  }
}

}  // namespace

std::vector<Token> ClipTokenizer::encode(std::string_view text) const {
  std::vector<Token> tokens;
  std::size_t done = 0;
  for (std::size_t at = text.find("<|"); at != std::string_view::npos; at = text.find("<|", at)) {
    const bool start = text.substr(at).starts_with(kStartText);
    if (!start && !text.substr(at).starts_with(kEndText)) {
      at += 2;
      continue;
    }
    encodeStretch(text.substr(done, at - done), done, tokens);
    tokens.push_back({start ? kClipStartToken : kClipEndToken, at});
    at += start ? kStartText.size() : kEndText.size();
    done = at;
  }
  encodeStretch(text.substr(done), done, tokens);
  return tokens;
}

}  // namespace studio::engine
