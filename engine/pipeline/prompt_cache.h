#pragma once

#include "engine/api/reproduction_profile.h"
#include "engine/text/conditioning.h"

#include <list>
#include <optional>
#include <string>

namespace studio::engine {

/// Text embeddings of the prompts used last, so that a repeated prompt needs no text encoder. One model's; whoever
/// changes the encoder's weights clears it. Engine thread only.
class PromptCache {
 public:
  /// What decides an embedding besides the encoder's weights.
  struct Key {
    std::string prompt;
    std::size_t chunks = 1;
    int clipSkip = 1;
    PromptGrammar grammar = PromptGrammar::A1111;  ///< how its brackets …
    bool weighs = true;                            ///< … and weights are read
    ChunkRule rule = ChunkRule::CommaBackTrack;
    ClipSkipRule skipRule = ClipSkipRule::FirstEncoderOnly;
    bool operator==(const Key&) const = default;
  };

  std::optional<Conditioning> find(const Key& key);
  void add(Key key, Conditioning conditioning);
  void clear() { entries_.clear(); }

 private:
  struct Entry {
    Key key;
    Conditioning conditioning;  ///< without numbers
  };
  std::list<Entry> entries_;  ///< newest first
};

}  // namespace studio::engine
