#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace studio::engine {

/// From `textOffset` on, the bytes of a part stand in the prompt from `promptOffset` on.
struct SourceSpan {
  std::size_t textOffset = 0;
  std::size_t promptOffset = 0;
};

/// A stretch of the prompt with one weight, or the border between two chunks (then `text` is empty).
struct WeightedText {
  std::string text;
  float weight = 1;
  bool chunkBreak = false;
  std::vector<SourceSpan> source;  ///< ascending; never empty

  /// Where a byte of `text` stands in the prompt.
  std::size_t promptOffset(std::size_t textOffset) const;
};

/// `<lora:name:weight>`; `textWeight` is for the text encoder, `imageWeight` for the UNet.
struct LoraTag {
  std::string name;
  double textWeight = 1;
  double imageWeight = 1;
  bool operator==(const LoraTag&) const = default;
};

struct ParsedPrompt {
  std::vector<WeightedText> parts;       ///< never empty
  std::vector<LoraTag> loras;            ///< in the order written
  std::vector<std::string> unknownTags;  ///< `<hypernet:…>` and the like, taken out of the text and not used
};

/// Brackets may be nested this deep; deeper ones are plain text.
inline constexpr std::size_t kDeepestNesting = 128;
/// Weights are kept within ±this.
inline constexpr float kLargestWeight = 1000;

/// Reads A1111's weight syntax: (x) is ×1.1, [x] is ÷1.1, (x:1.3) is ×1.3, nested ones multiply, an open bracket
/// reaches to the end, \( \) \[ \] \\ are the characters, BREAK as a word starts a new chunk (inside brackets too,
/// unlike A1111). Tags `<word:…>` are taken out first. Any bytes are accepted; never fails. Thread-safe.
ParsedPrompt parsePrompt(std::string_view prompt);

}  // namespace studio::engine
