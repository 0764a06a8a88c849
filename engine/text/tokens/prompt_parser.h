#pragma once

#include "engine/api/lora_tag.h"
#include "engine/text/tokens/source_text.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace studio::engine {

/// A stretch of the prompt with one weight, or the border between two chunks (then `text` is empty).
struct WeightedText : SourceText {
  float weight = 1;
  bool chunkBreak = false;
};

/// A prompt and its tags `<word:…>`, apart.
struct TaggedPrompt {
  SourceText text;
  std::vector<LoraTag> loras;            ///< in the order written
  std::vector<std::string> unknownTags;  ///< `<hypernet:…>` and the like: not used
};

/// Any bytes are accepted; never fails. Thread-safe, as are all functions here.
TaggedPrompt takeTagsOut(std::string_view prompt);

struct ParsedPrompt {
  std::vector<WeightedText> parts;  ///< never empty
  std::vector<LoraTag> loras;
  std::vector<std::string> unknownTags;
};

/// Brackets may be nested this deep; deeper ones are plain text.
inline constexpr std::size_t kDeepestNesting = 128;
/// Weights are kept within ±this.
inline constexpr float kLargestWeight = 1000;

/// Reads A1111's weight syntax in a text without tags: (x) is ×1.1, [x] is ÷1.1, (x:1.3) is ×1.3, nested ones
/// multiply, an open bracket reaches to the end, \( \) \[ \] \\ are the characters, BREAK as a word starts a new
/// chunk (inside brackets too, unlike A1111). Never empty; any bytes are accepted; never fails.
std::vector<WeightedText> parseWeights(const SourceText& text);

/// Tags and weights of a prompt that holds nothing else; see prompt_plan.h for all of the grammar.
ParsedPrompt parsePrompt(std::string_view prompt);

}  // namespace studio::engine
