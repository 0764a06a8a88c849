#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace studio::engine {

/// More than this many chunks in a prompt are refused: each costs memory and time in every step.
inline constexpr int kMostChunks = 64;

/// How a prompt falls into the text encoder's chunks.
struct TokenCount {
  int tokens = 0;                    ///< without start, end and padding
  int chunks = 1;                    ///< chunks of 75
  int inLastChunk = 0;               ///< tokens in the last chunk
  std::vector<std::size_t> borders;  ///< byte offsets in the prompt where the second, third … chunk begins
};

/// A textual inversion as prompts name it: the name's tokens are replaced by so many vectors.
struct EmbeddingName {
  std::string name;  ///< the file's name without ending
  int vectors = 1;
  bool operator==(const EmbeddingName&) const = default;
};

/// Which of a request's two texts is meant: in negative prompts AND is a word, as in A1111.
enum class PromptSide { Prompt, Negative };

/// Counts as the engine will: weight syntax and LoRA tags are not counted, BREAK ends a chunk. Of a
/// prompt that changes with the steps, or is several joined by AND, the longest text is counted.
/// Needs no model. Thread-safe; microseconds for usual prompts.
class TokenCounter {
 public:
  virtual ~TokenCounter() = default;
  virtual TokenCount count(std::string_view prompt, PromptSide side = PromptSide::Prompt) const = 0;
  /// The textual inversions whose names count as their vectors from now on; none at first.
  virtual void setEmbeddings(const std::vector<EmbeddingName>& embeddings) = 0;
};

}  // namespace studio::engine
