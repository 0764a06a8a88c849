#include "engine/api/text_diff.h"

#include <algorithm>
#include <cstdint>

namespace studio::engine {
namespace {

using Words = std::vector<std::string_view>;
constexpr std::size_t kMostCells = 4U << 20;  ///< of the table of common lengths

enum class Letter { Word, Space, Other };

Letter letterOf(char c) {
  if (c == ' ' || c == '\n' || c == '\t') return Letter::Space;
  const auto code = static_cast<unsigned char>(c);
  const bool word = code >= 0x80 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  return word || c == '_' || c == '.' ? Letter::Word : Letter::Other;
}

Words wordsOf(std::string_view text) {
  Words words;
  for (std::size_t at = 0; at < text.size();) {
    const Letter kind = letterOf(text[at]);
    std::size_t end = at + 1;
    while (kind != Letter::Other && end < text.size() && letterOf(text[end]) == kind) ++end;
    words.push_back(text.substr(at, end - at));
    at = end;
  }
  return words;
}

void append(std::vector<DiffPiece>& pieces, DiffKind kind, std::string_view text) {
  if (text.empty()) return;
  if (pieces.empty() || pieces.back().kind != kind) pieces.push_back({kind, {}});
  pieces.back().text += text;
}

/// lengths[i][j]: how many words old[i…] and new[j…] have in common, in order.
class CommonLengths {
 public:
  CommonLengths(const Words& before, const Words& after)
      : width_(after.size() + 1), cells_((before.size() + 1) * width_, 0) {
    for (std::size_t i = before.size(); i-- > 0;) {
      for (std::size_t j = after.size(); j-- > 0;) {
        cells_[i * width_ + j] = before[i] == after[j] ? static_cast<std::uint16_t>(at(i + 1, j + 1) + 1)
                                                       : std::max(at(i + 1, j), at(i, j + 1));
      }
    }
  }
  std::uint16_t at(std::size_t i, std::size_t j) const { return cells_[i * width_ + j]; }

 private:
  std::size_t width_;
  std::vector<std::uint16_t> cells_;
};

void appendMiddle(std::vector<DiffPiece>& pieces, const Words& before, const Words& after) {
  const auto all = [&pieces](DiffKind kind, const Words& words) {
    for (const std::string_view word : words) append(pieces, kind, word);
  };
  if ((before.size() + 1) * (after.size() + 1) > kMostCells || std::min(before.size(), after.size()) > 0xFFFF) {
    all(DiffKind::Removed, before);
    all(DiffKind::Added, after);
    return;
  }
  const CommonLengths lengths(before, after);
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < before.size() && j < after.size()) {
    if (before[i] == after[j]) {
      append(pieces, DiffKind::Same, before[i]);
      ++i;
      ++j;
    } else if (lengths.at(i + 1, j) >= lengths.at(i, j + 1)) {
      append(pieces, DiffKind::Removed, before[i++]);
    } else {
      append(pieces, DiffKind::Added, after[j++]);
    }
  }
  for (; i < before.size(); ++i) append(pieces, DiffKind::Removed, before[i]);
  for (; j < after.size(); ++j) append(pieces, DiffKind::Added, after[j]);
}

}  // namespace

std::vector<DiffPiece> diffOf(std::string_view before, std::string_view after) {
  Words old = wordsOf(before);
  Words now = wordsOf(after);
  std::vector<DiffPiece> pieces;
  std::size_t start = 0;
  while (start < old.size() && start < now.size() && old[start] == now[start]) {
    append(pieces, DiffKind::Same, old[start++]);
  }
  std::size_t tail = 0;
  while (tail < old.size() - start && tail < now.size() - start &&
         old[old.size() - 1 - tail] == now[now.size() - 1 - tail])
    ++tail;
  const Words end(old.end() - static_cast<std::ptrdiff_t>(tail), old.end());
  const auto middle = [&](const Words& words) {
    return Words(words.begin() + static_cast<std::ptrdiff_t>(start), words.end() - static_cast<std::ptrdiff_t>(tail));
  };
  appendMiddle(pieces, middle(old), middle(now));
  for (const std::string_view word : end) append(pieces, DiffKind::Same, word);
  return pieces;
}

}  // namespace studio::engine
