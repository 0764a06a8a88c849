#pragma once

#include <charconv>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>

namespace studio::engine {

/// Hostile prompts nest; readable ones do not nest this deep.
inline constexpr int kDeepestGroup = 32;

/// Reads through a prompt letter by letter.
struct PromptReader {
  std::string_view text;
  std::size_t at = 0;

  bool done() const { return at >= text.size(); }
  char peek(std::size_t ahead = 0) const { return at + ahead < text.size() ? text[at + ahead] : '\0'; }
  bool sees(std::string_view word) const { return text.substr(at, word.size()) == word; }
  char take() { return text[at++]; }
  std::string_view rest() const { return text.substr(at); }

  bool takeIf(std::string_view word) {
    if (!sees(word)) return false;
    at += word.size();
    return true;
  }
  void skipSpaces() {
    while (peek() == ' ' || peek() == '\n' || peek() == '\t') ++at;
  }
  /// A number such as "1.2", ".5" or "-1"; nothing is taken when there is none.
  std::optional<double> takeNumber() {
    double value = 0;
    const std::string_view left = rest();
    const auto [end, error] = std::from_chars(left.data(), left.data() + left.size(), value, std::chars_format::fixed);
    if (error != std::errc{} || !std::isfinite(value)) return std::nullopt;  // it also reads "inf"
    at += static_cast<std::size_t>(end - left.data());
    return value;
  }
};

inline bool isWordLetter(char c) {
  const auto code = static_cast<unsigned char>(c);
  return code >= 0x80 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// AND and BREAK steer our grammar but are plain words elsewhere. The tokenizers ignore case, so small letters say the
/// same and steer nothing.
std::string withPlainKeywords(std::string_view text);

/// Without spaces and line ends at both sides.
std::string trimmedText(std::string_view text);

}  // namespace studio::engine
