#include "engine/text/tokens/prompt_chunks.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <utility>

namespace studio::engine {
namespace {

struct WeightedToken {
  TokenId id = 0;
  float weight = 1;
  std::size_t promptOffset = 0;
  std::optional<KnownEmbeddings::Match> embedding;  ///< at the first of its placeholders
};

/// Fills one chunk after the other.
class ChunkBuilder {
 public:
  explicit ChunkBuilder(TokenId padding, bool seeksCommas = true) : padding_(padding), seeksCommas_(seeksCommas) {
    waiting_.reserve(kChunkTokens);
  }

  void add(const WeightedToken& token) {
    makeRoom(token.id == kClipCommaToken);
    append(token);
  }

  /// A stretch that is cut only when it is long.
  void addGroup(std::span<const WeightedToken> group) {
    constexpr std::size_t kLong = 8;
    const bool isLong = group.size() >= kLong;
    while (!group.empty()) {
      const std::size_t room = kChunkTokens - waiting_.size();
      const std::size_t fitting = group.size() <= room ? group.size() : isLong ? room : 0;
      for (const WeightedToken& token : group.first(fitting)) append(token);
      group = group.subspan(fitting);
      if (!group.empty()) end();
    }
  }

  void addEmbedding(const KnownEmbeddings::Match& embedding, float weight, std::size_t promptOffset) {
    makeRoom(false);
    if (waiting_.size() + static_cast<std::size_t>(embedding.vectors) > kChunkTokens) end();
    for (int i = 0; i < embedding.vectors; ++i) {
      append({kEmbeddingPlaceholder, weight, promptOffset, i == 0 ? std::optional(embedding) : std::nullopt});
    }
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
  /// Ends a full chunk before the next word, after its last comma when that is near.
  void makeRoom(bool forComma) {
    if (forComma) {
      lastComma_ = static_cast<int>(waiting_.size());
    } else if (seeksCommas_ && isFull() && lastComma_ >= 0 && kChunkTokens - lastComma_ <= kCommaReach) {
      endAfter(lastComma_ + 1);
    }
    if (isFull()) end();
  }

  void append(const WeightedToken& token) {
    if (waiting_.empty()) offset_ = token.promptOffset;
    waiting_.push_back(token);
  }

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
      if (const auto& embedding = waiting_[i].embedding) {
        chunk.embeddings.push_back({static_cast<int>(i) + 1, embedding->vectors, embedding->index});
      }
    }
    chunk.ids[waiting_.size() + 1] = kClipEndToken;
    chunks_.push_back(chunk);
    waiting_.clear();
    lastComma_ = -1;
  }

  TokenId padding_;
  bool seeksCommas_;
  std::vector<WeightedToken> waiting_;
  std::size_t offset_ = 0;
  int lastComma_ = -1;
  std::vector<PromptChunk> chunks_;
};

}  // namespace

std::vector<PromptChunk> chunkText(const ClipTokenizer& tokenizer, const std::vector<WeightedText>& parts,
                                   TokenId padding, const KnownEmbeddings& embeddings, ChunkRule rule) {
  ChunkBuilder builder(padding, rule == ChunkRule::CommaBackTrack);
  std::vector<WeightedToken> group;
  const auto endGroup = [&] {
    builder.addGroup(group);
    group.clear();
  };
  for (const WeightedText& part : parts) {
    if (part.chunkBreak) {
      builder.breakAt(part.promptOffset(0));
      continue;
    }
    const std::vector<Token> tokens = tokenizer.encode(part.text);
    for (std::span<const Token> rest = tokens; !rest.empty();) {
      const std::size_t offset = part.promptOffset(rest.front().offset);
      const auto embedding = embeddings.find(rest);
      const WeightedToken token{rest.front().id, part.weight, offset, std::nullopt};
      if (embedding) endGroup();
      if (embedding)
        builder.addEmbedding(*embedding, part.weight, offset);
      else if (rule == ChunkRule::Words)
        group.push_back(token);
      else
        builder.add(token);
      rest = rest.subspan(embedding ? embedding->tokens : 1);
    }
    endGroup();
  }
  return builder.finish();
}

std::vector<PromptChunk> chunkPrompt(const ClipTokenizer& tokenizer, const ParsedPrompt& prompt, TokenId padding,
                                     const KnownEmbeddings& embeddings) {
  return chunkText(tokenizer, prompt.parts, padding, embeddings);
}

void padChunks(std::vector<PromptChunk>& chunks, std::size_t count, TokenId padding) {
  const std::vector<PromptChunk> empty = ChunkBuilder(padding).finish();
  while (chunks.size() < count) chunks.push_back(empty.front());
}

int keepFirst(std::vector<PromptChunk>& chunks) {
  int left = 0;
  for (std::size_t i = 1; i < chunks.size(); ++i) left += chunks[i].tokens;
  chunks.resize(1);
  return left;
}

bool hasWeights(const std::vector<PromptChunk>& chunks) {
  return std::any_of(chunks.begin(), chunks.end(), [](const PromptChunk& chunk) {
    return std::any_of(chunk.weights.begin(), chunk.weights.end(), [](float weight) { return weight != 1; });
  });
}

}  // namespace studio::engine
