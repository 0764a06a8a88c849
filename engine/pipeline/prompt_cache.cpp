#include "engine/pipeline/prompt_cache.h"

#include <algorithm>
#include <utility>

namespace studio::engine {
namespace {

constexpr std::size_t kMostEntries = 32;  // a quarter megabyte each for a usual prompt

}  // namespace

std::optional<Conditioning> PromptCache::find(const Key& key) {
  const auto found = std::find_if(entries_.begin(), entries_.end(), [&key](const Entry& e) { return e.key == key; });
  if (found == entries_.end()) return std::nullopt;
  entries_.splice(entries_.begin(), entries_, found);
  return entries_.front().conditioning;
}

void PromptCache::add(Key key, Conditioning conditioning) {
  entries_.push_front({std::move(key), std::move(conditioning)});
  if (entries_.size() > kMostEntries) entries_.pop_back();
}

}  // namespace studio::engine
