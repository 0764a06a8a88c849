#include "tests/architecture/string_literals.h"

#include <algorithm>
#include <cctype>
#include <regex>

namespace studio::architecture {
namespace {

std::string withoutEscapes(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    result += text[i];
  }
  return result;
}

/// How long the comment, literal or other piece at the start of `rest` is. Of characters only quotes matter; other
/// apostrophes may stand between digits.
std::size_t pieceLength(std::string_view rest) {
  if (rest.starts_with("//")) return std::min(rest.find('\n'), rest.size());
  if (rest.starts_with("/*")) return std::min(rest.find("*/", 2), rest.size() - 2) + 2;
  if (rest.starts_with("'\"'") || rest.starts_with("'\\\"'") || rest.starts_with("'\\''"))
    return rest.find('\'', 2) + 1;
  if (rest.front() != '"') return 1;
  std::size_t end = 1;
  while (end < rest.size() && rest[end] != '"') end += rest[end] == '\\' ? 2 : 1;
  return std::min(end + 1, rest.size());
}

}  // namespace

std::vector<std::string> stringLiterals(std::string_view source) {
  std::vector<std::string> literals;
  bool joins = false;
  while (!source.empty()) {
    const std::string_view piece = source.substr(0, pieceLength(source));
    source.remove_prefix(piece.size());
    if (piece.front() == '"' && piece.size() >= 2) {
      const std::string text = withoutEscapes(piece.substr(1, piece.size() - 2));
      if (joins) {
        literals.back() += text;
      } else {
        literals.push_back(text);
      }
      joins = true;
    } else if (!piece.starts_with('/') && std::isspace(static_cast<unsigned char>(piece.front())) == 0) {
      joins = false;
    }
  }
  return literals;
}

bool isSentence(std::string_view text) {
  static const std::regex sentence("(%[1-9]|[A-Z]).* .*[.!?]");
  constexpr std::size_t kShortest = 15;
  return text.size() >= kShortest && text.find('\n') == std::string_view::npos &&
         std::regex_match(text.begin(), text.end(), sentence);
}

}  // namespace studio::architecture
