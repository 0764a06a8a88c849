#pragma once

#include "engine/api/token_counter.h"
#include "engine/text/tokens/clip_tokenizer.h"

namespace studio::engine {

/// TokenCounter of SD 1.x: the same parser, tokenizer and chunks the engine uses.
class ClipTokenCounter final : public TokenCounter {
 public:
  TokenCount count(std::string_view prompt) const override;

 private:
  ClipTokenizer tokenizer_;
};

}  // namespace studio::engine
