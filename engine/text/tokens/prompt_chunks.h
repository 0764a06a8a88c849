#pragma once

#include "engine/text/tokens/clip_tokenizer.h"
#include "engine/text/tokens/prompt_parser.h"

#include <array>
#include <cstddef>
#include <vector>

namespace studio::engine {

inline constexpr int kChunkTokens = 75;  ///< of the prompt
inline constexpr int kChunkLength = 77;  ///< with start and end: what the text encoder sees
inline constexpr int kCommaReach = 20;   ///< how far back a full chunk looks for a comma to end at

/// What the text encoder gets in one call: start, the tokens, end, padding up to kChunkLength.
struct PromptChunk {
  std::array<TokenId, kChunkLength> ids{};
  std::array<float, kChunkLength> weights{};  ///< 1 for start, end and padding
  int tokens = 0;                             ///< of the prompt, 0 … kChunkTokens
  std::size_t promptOffset = 0;               ///< byte of the prompt where the chunk begins
};

/// Cuts a prompt into chunks as A1111 does: a chunk that is full is ended after its last comma when that is at most
/// kCommaReach tokens back, and the rest moves to the next chunk; BREAK ends a chunk at once.
/// At least one chunk, which is empty for an empty prompt.
std::vector<PromptChunk> chunkPrompt(const ClipTokenizer& tokenizer, const ParsedPrompt& prompt,
                                     TokenId padding = kClipEndToken);

/// Adds empty chunks until there are `count`: prompt and negative prompt must be equally long.
void padChunks(std::vector<PromptChunk>& chunks, std::size_t count, TokenId padding = kClipEndToken);

/// True when any token has a weight other than 1.
bool hasWeights(const std::vector<PromptChunk>& chunks);

}  // namespace studio::engine
