#include "engine/memory/address_range.h"

#include <algorithm>
#include <iterator>

namespace studio::engine {

AddressRange::AddressRange(std::int64_t bytes) {
  if (bytes <= 0) return;
  gaps_.emplace(0, bytes);
  free_ = bytes;
}

std::optional<std::int64_t> AddressRange::take(std::int64_t bytes) {
  auto best = gaps_.end();
  for (auto gap = gaps_.begin(); gap != gaps_.end(); ++gap) {
    if (gap->second >= bytes && (best == gaps_.end() || gap->second < best->second)) best = gap;
  }
  if (best == gaps_.end()) return std::nullopt;
  const auto [offset, size] = *best;
  gaps_.erase(best);
  if (size > bytes) gaps_.emplace(offset + bytes, size - bytes);
  blocks_.emplace(offset, bytes);
  free_ -= bytes;
  return offset;
}

void AddressRange::give(std::int64_t offset) {
  const auto block = blocks_.find(offset);
  if (block == blocks_.end()) return;
  const std::int64_t bytes = block->second;
  blocks_.erase(block);
  free_ += bytes;
  addGap(offset, bytes);
}

void AddressRange::addGap(std::int64_t offset, std::int64_t bytes) {
  auto after = gaps_.lower_bound(offset);
  if (after != gaps_.end() && after->first == offset + bytes) {
    bytes += after->second;
    after = gaps_.erase(after);
  }
  if (after != gaps_.begin()) {
    const auto before = std::prev(after);
    if (before->first + before->second == offset) {
      before->second += bytes;
      return;
    }
  }
  gaps_.emplace(offset, bytes);
}

std::int64_t AddressRange::largestGap() const {
  std::int64_t largest = 0;
  for (const auto& [offset, bytes] : gaps_) largest = std::max(largest, bytes);
  return largest;
}

}  // namespace studio::engine
