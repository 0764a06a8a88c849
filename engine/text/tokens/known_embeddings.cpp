#include "engine/text/tokens/known_embeddings.h"

#include <algorithm>
#include <utility>

namespace studio::engine {

KnownEmbeddings::KnownEmbeddings(const ClipTokenizer& tokenizer, std::span<const EmbeddingName> embeddings) {
  for (std::size_t i = 0; i < embeddings.size(); ++i) {
    Name name{{}, i, embeddings[i].vectors};
    if (name.vectors < 1 || name.vectors > kMostEmbeddingVectors) continue;
    for (const Token& token : tokenizer.encode(embeddings[i].name)) name.tokens.push_back(token.id);
    if (!name.tokens.empty()) byFirstToken_[name.tokens.front()].push_back(std::move(name));
  }
  for (auto& [first, names] : byFirstToken_) {
    std::stable_sort(names.begin(), names.end(),
                     [](const Name& a, const Name& b) { return a.tokens.size() > b.tokens.size(); });
  }
}

std::optional<KnownEmbeddings::Match> KnownEmbeddings::find(std::span<const Token> tokens) const {
  if (tokens.empty() || byFirstToken_.empty()) return std::nullopt;
  const auto candidates = byFirstToken_.find(tokens.front().id);
  if (candidates == byFirstToken_.end()) return std::nullopt;
  for (const Name& name : candidates->second) {
    const bool begins = name.tokens.size() <= tokens.size() &&
                        std::equal(name.tokens.begin(), name.tokens.end(), tokens.begin(),
                                   [](TokenId id, const Token& token) { return id == token.id; });
    if (begins) return Match{name.index, name.tokens.size(), name.vectors};
  }
  return std::nullopt;
}

}  // namespace studio::engine
