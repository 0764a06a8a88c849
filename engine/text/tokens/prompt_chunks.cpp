#include "engine/text/tokens/prompt_chunks.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace studio::engine {
namespace {

struct WeightedToken {
  TokenId id = 0;
  float weight = 1;
  std::size_t promptOffset = 0;
};

/// Fills one chunk after the other.
class ChunkBuilder {
 public:
  explicit ChunkBuilder(TokenId padding) : padding_(padding) { waiting_.reserve(kChunkTokens); }

  void add(const WeightedToken& token) {
    if (token.id == kClipCommaToken) {
      lastComma_ = static_cast<int>(waiting_.size());
    } else if (isFull() && lastComma_ >= 0 && kChunkTokens - lastComma_ <= kCommaReach) {
      endAfter(lastComma_ + 1);
    }
    if (isFull()) end();
    if (waiting_.empty()) offset_ = token.promptOffset;
    waiting_.push_back(token);
  }

  /// BREAK: what follows, if only nothing, begins at `promptOffset`.
  void breakAt(std::size_t promptOffset) {
    end();
    offset_ = promptOffset;
  }

  std::vector<PromptChunk> finish() {
    if (!waiting_.empty() || chunks_.empty()) end();
    return std::move(chunks_);
  }

 private:
  bool isFull() const { return waiting_.size() == kChunkTokens; }

  void endAfter(int count) {
    std::vector<WeightedToken> moved(waiting_.begin() + count, waiting_.end());
    waiting_.resize(static_cast<std::size_t>(count));
    end();
    if (!moved.empty()) offset_ = moved.front().promptOffset;
    waiting_ = std::move(moved);
  }

  void end() {
    PromptChunk chunk;
    chunk.ids.fill(padding_);
    chunk.weights.fill(1);
    chunk.tokens = static_cast<int>(waiting_.size());
    chunk.promptOffset = offset_;
    chunk.ids.front() = kClipStartToken;
    for (std::size_t i = 0; i < waiting_.size(); ++i) {
      chunk.ids[i + 1] = waiting_[i].id;
      chunk.weights[i + 1] = waiting_[i].weight;
    }
    chunk.ids[waiting_.size() + 1] = kClipEndToken;
    chunks_.push_back(chunk);
    waiting_.clear();
    lastComma_ = -1;
  }

  TokenId padding_;
  std::vector<WeightedToken> waiting_;
  std::size_t offset_ = 0;
  int lastComma_ = -1;
  std::vector<PromptChunk> chunks_;
};

}  // namespace

std::vector<PromptChunk> chunkPrompt(const ClipTokenizer& tokenizer, const ParsedPrompt& prompt, TokenId padding) {
  ChunkBuilder builder(padding);
  for (const WeightedText& part : prompt.parts) {
    if (part.chunkBreak) {
      builder.breakAt(part.promptOffset(0));
      continue;
    }
    for (const Token& token : tokenizer.encode(part.text)) {
      builder.add({token.id, part.weight, part.promptOffset(token.offset)});
    }
  }
  return builder.finish();
}

void padChunks(std::vector<PromptChunk>& chunks, std::size_t count, TokenId padding) {
  const std::vector<PromptChunk> empty = ChunkBuilder(padding).finish();
  while (chunks.size() < count) chunks.push_back(empty.front());
}

bool hasWeights(const std::vector<PromptChunk>& chunks) {
  return std::any_of(chunks.begin(), chunks.end(), [](const PromptChunk& chunk) {
    return std::any_of(chunk.weights.begin(), chunk.weights.end(), [](float weight) { return weight != 1; });
  });
}

}  // namespace studio::engine
