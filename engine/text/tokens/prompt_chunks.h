#pragma once

#include "engine/api/reproduction_profile.h"
#include "engine/text/tokens/clip_tokenizer.h"
#include "engine/text/tokens/known_embeddings.h"
#include "engine/text/tokens/prompt_parser.h"

#include <array>
#include <cstddef>
#include <vector>

namespace studio::engine {

inline constexpr int kChunkTokens = 75;  ///< of the prompt
inline constexpr int kChunkLength = 77;  ///< with start and end: what the text encoder sees
inline constexpr int kCommaReach = 20;   ///< how far back a full chunk looks for a comma to end at

/// Places of a chunk whose token embeddings are replaced by a textual inversion's vectors: ids[position] to
/// ids[position + vectors - 1], which hold kEmbeddingPlaceholder. Never crosses a chunk's border.
struct EmbeddingSlot {
  int position = 0;       ///< index into PromptChunk::ids
  int vectors = 0;        ///< at least 1
  std::size_t index = 0;  ///< of the embedding, in the list KnownEmbeddings was made from
  bool operator==(const EmbeddingSlot&) const = default;
};

inline constexpr TokenId kEmbeddingPlaceholder = 0;

/// What the text encoder gets in one call: start, the tokens, end, padding up to kChunkLength.
struct PromptChunk {
  std::array<TokenId, kChunkLength> ids{};
  std::array<float, kChunkLength> weights{};  ///< 1 for start, end and padding
  int tokens = 0;                             ///< of the prompt, 0 … kChunkTokens
  std::size_t promptOffset = 0;               ///< byte of the prompt where the chunk begins
  std::vector<EmbeddingSlot> embeddings;      ///< ascending
};

/// Cuts a prompt into chunks as the rule says. CommaBackTrack: a chunk that is full is ended after its last comma when
/// that is at most kCommaReach tokens back, and the rest moves to the next chunk; BREAK ends a chunk at once. A name of
/// `embeddings` becomes an EmbeddingSlot of its vectors, all with the name's weight; one that does not fit into the
/// rest of a chunk begins the next. Words: a part that does not fit begins the next chunk, one of eight tokens or more
/// is cut. FirstOnly: every 75 tokens, of which keepFirst takes the first. At least one chunk, which is empty for an
/// empty prompt.
std::vector<PromptChunk> chunkText(const ClipTokenizer& tokenizer, const std::vector<WeightedText>& parts,
                                   TokenId padding = kClipEndToken, const KnownEmbeddings& embeddings = {},
                                   ChunkRule rule = ChunkRule::CommaBackTrack);
std::vector<PromptChunk> chunkPrompt(const ClipTokenizer& tokenizer, const ParsedPrompt& prompt,
                                     TokenId padding = kClipEndToken, const KnownEmbeddings& embeddings = {});

/// Adds empty chunks until there are `count`: prompt and negative prompt must be equally long.
void padChunks(std::vector<PromptChunk>& chunks, std::size_t count, TokenId padding = kClipEndToken);

/// Leaves the first chunk; answers how many tokens went.
int keepFirst(std::vector<PromptChunk>& chunks);

/// True when any token has a weight other than 1.
bool hasWeights(const std::vector<PromptChunk>& chunks);

}  // namespace studio::engine
