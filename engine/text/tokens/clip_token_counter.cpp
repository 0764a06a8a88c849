#include "engine/text/tokens/clip_token_counter.h"

#include "engine/text/tokens/prompt_chunks.h"
#include "engine/text/tokens/prompt_parser.h"

#include <utility>

namespace studio::engine {

TokenCount ClipTokenCounter::count(std::string_view prompt) const {
  const auto embeddings = [this] {
    const std::lock_guard lock(mutex_);
    return embeddings_;
  }();
  const std::vector<PromptChunk> chunks = chunkPrompt(tokenizer_, parsePrompt(prompt), kClipEndToken, *embeddings);
  TokenCount result;
  result.chunks = static_cast<int>(chunks.size());
  result.inLastChunk = chunks.back().tokens;
  for (const PromptChunk& chunk : chunks) {
    result.tokens += chunk.tokens;
    if (&chunk != &chunks.front()) result.borders.push_back(chunk.promptOffset);
  }
  return result;
}

void ClipTokenCounter::setEmbeddings(const std::vector<EmbeddingName>& embeddings) {
  auto known = std::make_shared<const KnownEmbeddings>(tokenizer_, embeddings);
  const std::lock_guard lock(mutex_);
  embeddings_ = std::move(known);
}

}  // namespace studio::engine
