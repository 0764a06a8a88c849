#pragma once

#include <cstddef>
#include <mutex>
#include <vector>

namespace studio::engine {

inline constexpr std::size_t kBlockAlignment = 64;
inline constexpr std::size_t kLargeBlock = std::size_t{64} << 10;  ///< from here on blocks are mapped and kept

std::size_t roundUp(std::size_t bytes, std::size_t unit);

/// Eight sizes between powers of two: a freed block fits the next request of about its size.
std::size_t blockCapacityFor(std::size_t bytes);
/// Whether blocks of this capacity are kept for reuse.
bool isLargeBlock(std::size_t capacity);

/// Memory of the system for a block of which `needed` bytes are going to be used; null when it refuses.
void* newBlock(std::size_t capacity, std::size_t needed);
void releaseBlock(void* block, std::size_t capacity);

/// Freed large blocks, oldest first. What is in use and what is kept together never exceed the most that was ever in
/// use (or the limit of what is kept): keeping blocks does not raise the process's peak. Thread-safe.
class BlockCache {
 public:
  /// A kept block of at least `capacity` and at most a quarter more (the smallest; of equals the newest), or null.
  /// Counts the block, kept or to be mapped, as in use.
  void* take(std::size_t& capacity);

  /// The caller could not map the block it announced with take().
  void forget(std::size_t capacity);
  void put(void* block, std::size_t capacity);
  void trim();

  std::size_t bytes() const;
  void setLimit(std::size_t limit);

 private:
  struct KeptBlock {
    std::size_t capacity;
    void* block;
  };

  std::vector<KeptBlock>::iterator find(std::size_t capacity);
  std::vector<KeptBlock> takeOldestUntil(std::size_t allowed);
  static void release(const std::vector<KeptBlock>& blocks);

  mutable std::mutex mutex_;
  std::vector<KeptBlock> kept_;
  std::size_t usedBytes_ = 0, keptBytes_ = 0, mostUsed_ = 0, limit_ = std::size_t{1} << 30;
};

}  // namespace studio::engine
