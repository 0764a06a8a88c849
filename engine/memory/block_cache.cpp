#include "engine/memory/block_cache.h"

#include <sys/mman.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstdlib>

namespace studio::engine {
namespace {

constexpr std::size_t kHugePage = std::size_t{2} << 20;
// Address sanitizer has to see every free: nothing is mapped or kept there.
#if defined(__SANITIZE_ADDRESS__)
constexpr bool kKeepsBlocks = false;
#else
constexpr bool kKeepsBlocks = true;
#endif

/// Fresh pages; large ranges start on a huge page, which costs one fault instead of 512. Only `needed` bytes get huge
/// pages: what a block's rounding adds is never touched and costs nothing. Null when the system refuses.
void* mapBlock(std::size_t capacity, std::size_t needed) {
  const std::size_t slack = capacity >= 2 * kHugePage ? kHugePage : 0;
  void* mapped = mmap(nullptr, capacity + slack, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) return nullptr;
  if (slack == 0) return mapped;
  char* start = static_cast<char*>(mapped);
  const std::size_t before =
      roundUp(reinterpret_cast<std::uintptr_t>(start), kHugePage) - reinterpret_cast<std::uintptr_t>(start);
  if (before > 0) munmap(start, before);
  if (before < slack) munmap(start + before + capacity, slack - before);
  start += before;
  madvise(start, needed / kHugePage * kHugePage, MADV_HUGEPAGE);
  return start;
}

}  // namespace

std::size_t roundUp(std::size_t bytes, std::size_t unit) { return (bytes + unit - 1) / unit * unit; }

std::size_t blockCapacityFor(std::size_t bytes) {
  if (bytes < kLargeBlock) return roundUp(bytes, kBlockAlignment);
  return roundUp(bytes, std::max<std::size_t>(std::bit_floor(bytes) / 8, 4096));
}

bool isLargeBlock(std::size_t capacity) { return kKeepsBlocks && capacity >= kLargeBlock; }

void* newBlock(std::size_t capacity, std::size_t needed) {
  return isLargeBlock(capacity) ? mapBlock(capacity, needed)
                                : std::aligned_alloc(kBlockAlignment, roundUp(capacity, kBlockAlignment));
}

void releaseBlock(void* block, std::size_t capacity) {
  if (isLargeBlock(capacity)) {
    munmap(block, capacity);
  } else {
    std::free(block);
  }
}

void* BlockCache::take(std::size_t& capacity) {
  std::vector<KeptBlock> dropped;
  void* block = nullptr;
  {
    const std::lock_guard lock(mutex_);
    const auto best = find(capacity);
    if (best != kept_.end()) {
      capacity = best->capacity;
      block = best->block;
      keptBytes_ -= capacity;
      kept_.erase(best);
    }
    usedBytes_ += capacity;
    mostUsed_ = std::max(mostUsed_, usedBytes_);
    dropped = takeOldestUntil(mostUsed_ - usedBytes_);
  }
  release(dropped);
  return block;
}

void BlockCache::forget(std::size_t capacity) {
  const std::lock_guard lock(mutex_);
  usedBytes_ -= capacity;
}

void BlockCache::put(void* block, std::size_t capacity) {
  std::vector<KeptBlock> dropped;
  {
    const std::lock_guard lock(mutex_);
    usedBytes_ -= capacity;
    keptBytes_ += capacity;
    kept_.push_back({capacity, block});
    dropped = takeOldestUntil(limit_);
  }
  release(dropped);
}

void BlockCache::trim() {
  std::vector<KeptBlock> dropped;
  {
    const std::lock_guard lock(mutex_);
    dropped = takeOldestUntil(0);
    mostUsed_ = usedBytes_;
  }
  release(dropped);
}

std::size_t BlockCache::bytes() const {
  const std::lock_guard lock(mutex_);
  return keptBytes_;
}

void BlockCache::setLimit(std::size_t limit) {
  const std::lock_guard lock(mutex_);
  limit_ = limit;
}

std::vector<BlockCache::KeptBlock>::iterator BlockCache::find(std::size_t capacity) {
  auto best = kept_.end();
  for (auto it = kept_.begin(); it != kept_.end(); ++it) {
    if (it->capacity < capacity || it->capacity > capacity + capacity / 4) continue;
    if (best == kept_.end() || it->capacity <= best->capacity) best = it;
  }
  return best;
}

std::vector<BlockCache::KeptBlock> BlockCache::takeOldestUntil(std::size_t allowed) {
  auto end = kept_.begin();
  for (; keptBytes_ > allowed && end != kept_.end(); ++end) keptBytes_ -= end->capacity;
  std::vector<KeptBlock> dropped(kept_.begin(), end);
  kept_.erase(kept_.begin(), end);
  return dropped;
}

void BlockCache::release(const std::vector<KeptBlock>& blocks) {
  for (const KeptBlock& kept : blocks) releaseBlock(kept.block, kept.capacity);
}

}  // namespace studio::engine
