#include "engine/text/tokens/clip_token_counter.h"

#include "engine/api/engine_error.h"
#include "engine/text/tokens/prompt_plan.h"

#include <set>
#include <string>
#include <tuple>
#include <utility>

namespace studio::engine {
namespace {

/// Enough for the turns of `[a|b|…]` that people write.
constexpr int kCountedSteps = 20;

PromptPlan planOf(std::string_view prompt, PromptSide side) {
  try {
    return planPrompt(prompt, kCountedSteps, {.splitsAtAnd = side == PromptSide::Prompt});
  } catch (const EngineException&) {  // too much of something: what is there counts all the same
    return planPrompt(prompt, 1, {false, PromptTimeline::Steps});
  }
}

TokenCount countOf(const std::vector<PromptChunk>& chunks) {
  TokenCount result;
  result.chunks = static_cast<int>(chunks.size());
  result.inLastChunk = chunks.back().tokens;
  for (const PromptChunk& chunk : chunks) {
    result.tokens += chunk.tokens;
    if (&chunk != &chunks.front()) result.borders.push_back(chunk.promptOffset);
  }
  return result;
}

}  // namespace

TokenCount ClipTokenCounter::count(std::string_view prompt, PromptSide side) const {
  const auto embeddings = [this] {
    const std::lock_guard lock(mutex_);
    return embeddings_;
  }();
  TokenCount most;
  std::set<std::string> seen;
  for (const PlannedPrompt& planned : planOf(prompt, side).prompts) {
    for (const ScheduledText& at : planned.schedule) {
      if (!seen.insert(at.text.text).second) continue;
      const auto chunks = chunkText(tokenizer_, parseWeights(at.text), kClipEndToken, *embeddings);
      const TokenCount counted = countOf(chunks);
      if (std::tie(most.chunks, most.tokens) < std::tie(counted.chunks, counted.tokens)) most = counted;
    }
  }
  return most;
}

void ClipTokenCounter::setEmbeddings(const std::vector<EmbeddingName>& embeddings) {
  auto known = std::make_shared<const KnownEmbeddings>(tokenizer_, embeddings);
  const std::lock_guard lock(mutex_);
  embeddings_ = std::move(known);
}

}  // namespace studio::engine
