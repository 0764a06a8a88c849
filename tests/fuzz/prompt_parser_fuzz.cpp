// Any bytes are a prompt: weights stay bounded, nothing is invented, every byte leads back into the prompt, and the
// chunks hold what the counter counts.

#include "engine/text/tokens/clip_token_counter.h"
#include "engine/text/tokens/prompt_chunks.h"

#include <cmath>
#include <cstdint>
#include <cstdlib>

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace studio::engine;
  const std::string_view prompt(reinterpret_cast<const char*>(data), size);
  const ParsedPrompt parsed = parsePrompt(prompt);
  require(!parsed.parts.empty());
  std::size_t bytes = 0;
  for (const WeightedText& part : parsed.parts) {
    require(std::abs(part.weight) <= kLargestWeight);
    bytes += part.text.size();
    for (std::size_t i = 0; i < part.text.size(); ++i) require(part.text[i] == prompt.at(part.promptOffset(i)));
  }
  require(bytes <= size);

  int tokens = 0;
  const auto chunks = chunkPrompt(ClipTokenizer(), parsed);
  for (const PromptChunk& chunk : chunks) {
    require(chunk.ids[0] == kClipStartToken && chunk.ids[chunk.tokens + 1] == kClipEndToken);
    require(chunk.promptOffset <= size);
    tokens += chunk.tokens;
  }
  const TokenCount count = ClipTokenCounter().count(prompt);
  require(count.tokens == tokens && count.chunks == static_cast<int>(chunks.size()));
  require(count.borders.size() + 1 == chunks.size());
  return 0;
}
