#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// The little of Unicode that prompts need. All functions are pure and take time in proportion to their input
/// (normalise: n log n for runs of combining marks).
namespace studio::engine::unicode {

/// A code point and the byte of the original text it came from.
struct SourceChar {
  char32_t value = 0;
  std::size_t offset = 0;
};

/// Reads the code point at `position` and moves on. Bytes that are no UTF-8 give U+FFFD, one for each maximal
/// broken piece, as the Unicode standard recommends (and Python does).
char32_t decodeUtf8(std::string_view text, std::size_t& position);

/// The code point that ends just before `position`; U+FFFD for broken bytes. position > 0.
char32_t codePointBefore(std::string_view text, std::size_t position);

/// All of the text; offsets count from `base`.
std::vector<SourceChar> decodeAll(std::string_view text, std::size_t base = 0);

void appendUtf8(std::string& text, char32_t value);

bool isLetter(char32_t value);      ///< general category L*
bool isNumber(char32_t value);      ///< general category N*
bool isWhiteSpace(char32_t value);  ///< property White_Space

/// The text without white space at its beginning, its end, or both.
std::string_view withoutLeadingSpace(std::string_view text);
std::string_view withoutTrailingSpace(std::string_view text);
std::string_view trimmed(std::string_view text);

/// What is neither letter, number nor '_' ends a word.
bool isWordCharacter(char32_t value);
/// Whether [begin, end) touches no word character on either side.
bool standsAlone(std::string_view text, std::size_t begin, std::size_t end);

/// Normalisation form C (Unicode Standard Annex 15).
std::vector<SourceChar> normaliseC(std::vector<SourceChar> text);

/// Character by character, without regard to context or language.
std::vector<SourceChar> lowerCase(const std::vector<SourceChar>& text);

}  // namespace studio::engine::unicode
