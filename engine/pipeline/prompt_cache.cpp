#include "engine/pipeline/prompt_cache.h"

#include <algorithm>
#include <utility>

namespace studio::engine {
namespace {

// A usual prompt takes a quarter megabyte; the longest, with XL's width, more than forty.
constexpr std::size_t kMostEntries = 64;
constexpr std::size_t kMostBytes = std::size_t{128} << 20;

std::size_t bytesOf(const Conditioning& conditioning) {
  std::size_t bytes = 0;
  for (const at::Tensor& tensor : {conditioning.context, conditioning.pooled, conditioning.numbers})
    bytes += tensor.defined() ? tensor.nbytes() : 0;
  return bytes;
}

}  // namespace

std::optional<Conditioning> PromptCache::find(const Key& key) {
  const auto found = std::find_if(entries_.begin(), entries_.end(), [&key](const Entry& e) { return e.key == key; });
  if (found == entries_.end()) return std::nullopt;
  entries_.splice(entries_.begin(), entries_, found);
  return entries_.front().conditioning;
}

void PromptCache::add(Key key, Conditioning conditioning) {
  entries_.push_front({std::move(key), std::move(conditioning)});
  std::size_t bytes = 0;
  for (const Entry& entry : entries_) bytes += bytesOf(entry.conditioning);
  while (entries_.size() > 1 && (entries_.size() > kMostEntries || bytes > kMostBytes)) {
    bytes -= bytesOf(entries_.back().conditioning);
    entries_.pop_back();
  }
}

}  // namespace studio::engine
