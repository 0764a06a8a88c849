#pragma once

#include "engine/api/token_counter.h"
#include "engine/text/tokens/clip_tokenizer.h"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace studio::engine {

inline constexpr int kMostEmbeddingVectors = 75;  ///< more would not fit into a chunk

/// Finds the names of textual inversions (Gal et al. 2022) among a prompt's tokens, as A1111 does: by the tokens of the
/// name, upper and lower case alike, the longest name first. Immutable, thread-safe.
class KnownEmbeddings {
 public:
  KnownEmbeddings() = default;
  /// Names without tokens, and those without vectors or with more than kMostEmbeddingVectors, are never found.
  KnownEmbeddings(const ClipTokenizer& tokenizer, std::span<const EmbeddingName> embeddings);

  struct Match {
    std::size_t index = 0;   ///< in the list given to the constructor
    std::size_t tokens = 0;  ///< length of the name
    int vectors = 0;
  };
  /// The embedding whose name begins the tokens.
  std::optional<Match> find(std::span<const Token> tokens) const;
  bool empty() const { return byFirstToken_.empty(); }

 private:
  struct Name {
    std::vector<TokenId> tokens;
    std::size_t index = 0;
    int vectors = 0;
  };
  std::map<TokenId, std::vector<Name>> byFirstToken_;  ///< longest first
};

}  // namespace studio::engine
