#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace studio::engine {

/// How a prompt falls into the text encoder's chunks.
struct TokenCount {
  int tokens = 0;                    ///< without start, end and padding
  int chunks = 1;                    ///< chunks of 75
  int inLastChunk = 0;               ///< tokens in the last chunk
  std::vector<std::size_t> borders;  ///< byte offsets in the prompt where the second, third … chunk begins
};

/// Counts as the engine will: weight syntax and LoRA tags are not counted, BREAK ends a chunk.
/// Needs no model. Thread-safe; microseconds for usual prompts.
class TokenCounter {
 public:
  virtual ~TokenCounter() = default;
  virtual TokenCount count(std::string_view prompt) const = 0;
};

}  // namespace studio::engine
