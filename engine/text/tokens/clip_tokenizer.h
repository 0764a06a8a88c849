#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace studio::engine {

using TokenId = std::int32_t;

inline constexpr TokenId kClipStartToken = 49406;
inline constexpr TokenId kClipEndToken = 49407;  ///< SD 1.x pads with it too
inline constexpr TokenId kClipCommaToken = 267;  ///< "," as a word of its own

/// One id and the byte of the text where the word it belongs to begins.
struct Token {
  TokenId id = 0;
  std::size_t offset = 0;
  bool operator==(const Token&) const = default;
};

/// CLIP's byte-pair tokenizer (Radford et al. 2021; byte-level BPE of Radford et al. 2019) with its merges built in.
/// Gives the ids of transformers' CLIPTokenizer without start and end: NFC, every run of white space is one space,
/// lower case character by character; no ftfy, no splitting of CJK ideographs, control characters stay.
/// Invalid UTF-8 is read as U+FFFD. Has no state, is thread-safe and takes n log n for n bytes.
class ClipTokenizer {
 public:
  std::vector<Token> encode(std::string_view text) const;
};

}  // namespace studio::engine
