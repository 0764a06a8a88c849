#include "engine/image/grammars/grammar_text.h"

#include "engine/image/grammars/translated_prompt.h"
#include "engine/image/lora_tags.h"

#include <array>
#include <cmath>

namespace studio::engine {

std::string withPlainKeywords(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 2> kWords{{{"AND", "and"}, {"BREAK", "break"}}};
  std::string result;
  result.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    std::size_t length = 1;
    std::string_view written = text.substr(at, 1);
    for (const auto& [word, plain] : kWords) {
      const bool starts = at == 0 || !isWordLetter(text[at - 1]);
      const std::size_t end = at + word.size();
      if (!starts || text.substr(at, word.size()) != word || (end < text.size() && isWordLetter(text[end]))) continue;
      length = word.size();
      written = plain;
    }
    result += written;
    at += length;
  }
  return result;
}

std::string trimmedText(std::string_view text) {
  constexpr std::string_view kSpaces = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kSpaces);
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(kSpaces) - first + 1));
}

std::string escapedLetters(std::string_view text, std::string_view letters) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\' && at + 1 < text.size()) {
      result += text[at++];
    } else if (letters.find(text[at]) != std::string_view::npos) {
      result += '\\';
    }
    result += text[at];
  }
  return result;
}

std::string weighted(std::string_view text, double weight) {
  const double rounded = std::round(weight * 1e4) / 1e4;
  if (rounded == 1.0 || text.empty()) return std::string(text);
  return "(" + std::string(text) + ":" + shortNumber(rounded) + ")";
}

}  // namespace studio::engine
