#pragma once

#include "engine/api/token_counter.h"
#include "engine/text/tokens/clip_tokenizer.h"
#include "engine/text/tokens/known_embeddings.h"

#include <memory>
#include <mutex>

namespace studio::engine {

/// TokenCounter of SD 1.x: the same parser, tokenizer and chunks the engine uses.
class ClipTokenCounter final : public TokenCounter {
 public:
  TokenCount count(std::string_view prompt, PromptSide side = PromptSide::Prompt) const override;
  void setEmbeddings(const std::vector<EmbeddingName>& embeddings) override;

 private:
  ClipTokenizer tokenizer_;
  mutable std::mutex mutex_;  ///< for the pointer; what it points at never changes
  std::shared_ptr<const KnownEmbeddings> embeddings_ = std::make_shared<const KnownEmbeddings>();
};

}  // namespace studio::engine
