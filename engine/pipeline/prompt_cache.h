#pragma once

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
    bool plain = false;  ///< brackets are read as text
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
