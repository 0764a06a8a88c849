#include "engine/text/tokens/clip_token_counter.h"

#include "engine/text/tokens/prompt_chunks.h"
#include "engine/text/tokens/prompt_parser.h"

namespace studio::engine {

TokenCount ClipTokenCounter::count(std::string_view prompt) const {
  const std::vector<PromptChunk> chunks = chunkPrompt(tokenizer_, parsePrompt(prompt));
  TokenCount result;
  result.chunks = static_cast<int>(chunks.size());
  result.inLastChunk = chunks.back().tokens;
  for (const PromptChunk& chunk : chunks) {
    result.tokens += chunk.tokens;
    if (&chunk != &chunks.front()) result.borders.push_back(chunk.promptOffset);
  }
  return result;
}

}  // namespace studio::engine
