#include "engine/memory/budget_allocator.h"

#include "engine/memory/failure_injector.h"
#include "engine/memory/main_memory_full.h"

#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>
#include <c10/util/Exception.h>

#include <sys/mman.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <new>
#include <vector>

namespace studio::engine {
namespace {

constexpr std::size_t kAlignment = 64;
constexpr std::size_t kLargeBytes = std::size_t{64} << 10;  // from here on blocks are mapped and kept
constexpr std::size_t kHugePage = std::size_t{2} << 20;
// Address sanitizer has to see every free: nothing is mapped or kept there.
#if defined(__SANITIZE_ADDRESS__)
constexpr bool kKeepsBlocks = false;
#else
constexpr bool kKeepsBlocks = true;
#endif

/// Lies before the data of every block.
struct alignas(kAlignment) BlockHeader {
  std::size_t capacity;  ///< bytes of the whole block, header included
  std::size_t counted;   ///< bytes the pool was charged
  MemoryPool pool;
  FragmentedDevice::Place place;
};
static_assert(sizeof(BlockHeader) == kAlignment);

thread_local MemoryPool currentPool = MemoryPool::Host;

std::size_t roundUp(std::size_t bytes, std::size_t unit) { return (bytes + unit - 1) / unit * unit; }

/// Eight sizes between powers of two: a freed block fits the next request of about its size.
std::size_t capacityFor(std::size_t bytes) {
  if (bytes < kLargeBytes) return roundUp(bytes, kAlignment);
  return roundUp(bytes, std::max<std::size_t>(std::bit_floor(bytes) / 8, 4096));
}

bool isLarge(std::size_t capacity) { return kKeepsBlocks && capacity >= kLargeBytes; }

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

void* newBlock(std::size_t capacity, std::size_t needed) {
  return isLarge(capacity) ? mapBlock(capacity, needed) : std::aligned_alloc(kAlignment, roundUp(capacity, kAlignment));
}

void releaseBlock(void* block, std::size_t capacity) {
  if (isLarge(capacity)) {
    munmap(block, capacity);
  } else {
    std::free(block);
  }
}

/// Freed large blocks, oldest first. What is in use and what is kept together never exceed the most that was ever in
/// use (or the limit of what is kept): keeping blocks does not raise the process's peak.
class BlockCache {
 public:
  /// A kept block of at least `capacity` and at most a quarter more (the smallest; of equals the newest), or null.
  /// Counts the block, kept or to be mapped, as in use.
  void* take(std::size_t& capacity) {
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

  /// The caller could not map the block it announced with take().
  void forget(std::size_t capacity) {
    const std::lock_guard lock(mutex_);
    usedBytes_ -= capacity;
  }

  void put(void* block, std::size_t capacity) {
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

  void trim() {
    std::vector<KeptBlock> dropped;
    {
      const std::lock_guard lock(mutex_);
      dropped = takeOldestUntil(0);
      mostUsed_ = usedBytes_;
    }
    release(dropped);
  }

  std::size_t bytes() const {
    const std::lock_guard lock(mutex_);
    return keptBytes_;
  }
  void setLimit(std::size_t limit) {
    const std::lock_guard lock(mutex_);
    limit_ = limit;
  }

 private:
  struct KeptBlock {
    std::size_t capacity;
    void* block;
  };

  std::vector<KeptBlock>::iterator find(std::size_t capacity) {
    auto best = kept_.end();
    for (auto it = kept_.begin(); it != kept_.end(); ++it) {
      if (it->capacity < capacity || it->capacity > capacity + capacity / 4) continue;
      if (best == kept_.end() || it->capacity <= best->capacity) best = it;
    }
    return best;
  }

  std::vector<KeptBlock> takeOldestUntil(std::size_t allowed) {
    auto end = kept_.begin();
    for (; keptBytes_ > allowed && end != kept_.end(); ++end) keptBytes_ -= end->capacity;
    std::vector<KeptBlock> dropped(kept_.begin(), end);
    kept_.erase(kept_.begin(), end);
    return dropped;
  }

  static void release(const std::vector<KeptBlock>& blocks) {
    for (const KeptBlock& kept : blocks) releaseBlock(kept.block, kept.capacity);
  }

  mutable std::mutex mutex_;
  std::vector<KeptBlock> kept_;
  std::size_t usedBytes_ = 0, keptBytes_ = 0, mostUsed_ = 0, limit_ = std::size_t{1} << 30;
};

class PoolCounter {
 public:
  /// False when the limit would be passed; nothing is counted then.
  bool add(std::int64_t bytes) {
    const std::int64_t now = current_.fetch_add(bytes) + bytes, limit = limit_.load();
    if (limit > 0 && now > limit) {
      current_.fetch_sub(bytes);
      return false;
    }
    raise(peak_, now);
    raise(phasePeak_, now);
    return true;
  }
  void remove(std::int64_t bytes) { current_.fetch_sub(bytes); }
  void resetPeak() {
    peak_.store(current_.load());
    beginPhase();
  }
  void beginPhase() { phasePeak_.store(current_.load()); }
  std::int64_t phasePeak() const { return phasePeak_.load(); }
  void setLimit(std::int64_t limit) { limit_.store(limit); }
  std::int64_t limit() const { return limit_.load(); }
  std::int64_t current() const { return current_.load(); }
  PoolStatistics statistics() const { return {{current_.load()}, {peak_.load()}}; }

 private:
  static void raise(std::atomic<std::int64_t>& peak, std::int64_t now) {
    std::int64_t before = peak.load();
    while (now > before && !peak.compare_exchange_weak(before, now)) {
    }
  }

  std::atomic<std::int64_t> current_{0}, peak_{0}, phasePeak_{0}, limit_{0};
};

/// Never destroyed: tensors in static storage may be freed after everything else.
struct AllocatorState {
  BlockCache cache;
  PoolCounter pools[2];
  FailureInjector failures;
  FragmentedDevice fragmented;
  std::atomic<std::int64_t> hostLimit{0};
  std::mutex refusalMutex;
  Refusal refusal;
  PoolCounter& pool(MemoryPool which) { return pools[static_cast<std::size_t>(which)]; }
  std::int64_t inUse() const {
    std::int64_t bytes = 0;
    for (const PoolCounter& pool : pools) bytes += pool.current();
    return bytes;
  }
};

AllocatorState& state() {
  static AllocatorState* const instance = new AllocatorState;
  return *instance;
}

void freeData(void* data) {
  if (data == nullptr) return;
  auto* header = static_cast<BlockHeader*>(data) - 1;
  const BlockHeader block = *header;
  state().pool(block.pool).remove(static_cast<std::int64_t>(block.counted));
  if (block.place.device > 0) state().fragmented.give(block.place);
  if (isLarge(block.capacity)) {
    state().cache.put(header, block.capacity);
  } else {
    releaseBlock(header, block.capacity);
  }
}

void* takeBlock(std::size_t& capacity, std::size_t needed) {
  if (!isLarge(capacity)) return newBlock(capacity, needed);
  if (void* kept = state().cache.take(capacity)) return kept;
  void* block = newBlock(capacity, needed);
  if (block == nullptr) {
    state().cache.trim();
    block = newBlock(capacity, needed);
  }
  if (block == nullptr) state().cache.forget(capacity);
  return block;
}

class BudgetAllocator final : public c10::Allocator {
 public:
  c10::DataPtr allocate(std::size_t bytes) override {
    void* data = bytes == 0 ? nullptr : allocateData(bytes);
    return {data, data, &freeData, c10::Device(c10::kCPU)};
  }
  /// oneDNN frees its scratch through this: context and data are the same pointer.
  c10::DeleterFnPtr raw_deleter() const override { return &freeData; }
  void copy_data(void* destination, const void* source, std::size_t count) const override {
    std::memcpy(destination, source, count);
  }

 private:
  static void noteRefusal(MemoryPool pool, std::int64_t bytes, std::int64_t inUse) {
    const std::lock_guard lock(state().refusalMutex);
    state().refusal = {pool, {bytes}, {inUse}, state().fragmented.pieces(), state().refusal.number + 1};
  }
  static void refuseBeyondHost(std::int64_t bytes) {
    const std::int64_t limit = hostLimit().count, inUse = state().inUse();
    if (limit <= 0 || inUse + bytes <= limit || bytes < static_cast<std::int64_t>(kLargeBytes)) return;
    noteRefusal(MemoryPool::Host, bytes, inUse);
    throw MainMemoryFull({__func__, __FILE__, static_cast<std::uint32_t>(__LINE__)},
                         "Main memory, of which the engine may take " + std::to_string(limit) +
                             " bytes now, has no room for another " + std::to_string(bytes) + " bytes beside the " +
                             std::to_string(inUse) + " in use.");
  }
  /// Counts the bytes as in use, or throws.
  static void charge(PoolCounter& pool, std::int64_t bytes) {
    refuseBeyondHost(bytes);
    const bool device = currentPool == MemoryPool::Device;
    const bool refused = device && state().failures.refuses(bytes, pool.current() + bytes);
    if (!refused && pool.add(bytes)) return;
    const std::int64_t inUse = pool.current();
    noteRefusal(currentPool, bytes, inUse);
    const std::int64_t limit = deviceLimit().count;
    const std::string wanted =
        "another " + std::to_string(bytes) + " bytes beside the " + std::to_string(inUse) + " in use";
    C10_THROW_ERROR(OutOfMemoryError, limit > 0 ? "The device budget of " + std::to_string(limit) +
                                                      " bytes has no room for " + wanted + "."
                                                : "A test made this fail: " + wanted + ".");
  }
  /// Throws when what is free lies in too small pieces; `bytes` are counted already.
  static FragmentedDevice::Place placeFor(PoolCounter& pool, std::int64_t bytes) {
    if (currentPool != MemoryPool::Device) return {};
    if (const auto place = state().fragmented.take(bytes)) return *place;
    pool.remove(bytes);
    noteRefusal(MemoryPool::Device, bytes, pool.current());
    C10_THROW_ERROR(OutOfMemoryError,
                    "No free piece of the device's memory has room for " + std::to_string(bytes) + " bytes.");
  }
  static void* allocateData(std::size_t bytes) {
    constexpr std::size_t largest = std::size_t{1} << 48;
    if (bytes > largest)
      C10_THROW_ERROR(OutOfMemoryError, "A tensor of " + std::to_string(bytes) + " bytes was asked for.");
    const std::size_t counted = roundUp(bytes, kAlignment);
    PoolCounter& pool = state().pool(currentPool);
    charge(pool, static_cast<std::int64_t>(counted));
    const FragmentedDevice::Place place = placeFor(pool, static_cast<std::int64_t>(counted));
    std::size_t capacity = capacityFor(counted + sizeof(BlockHeader));
    void* block = takeBlock(capacity, counted + sizeof(BlockHeader));
    if (block == nullptr) {
      pool.remove(static_cast<std::int64_t>(counted));
      if (place.device > 0) state().fragmented.give(place);
      noteRefusal(MemoryPool::Host, static_cast<std::int64_t>(counted), state().inUse());
      C10_THROW_ERROR(OutOfMemoryError, "The system has no room for another " + std::to_string(counted) + " bytes.");
    }
    return new (block) BlockHeader{capacity, counted, currentPool, place} + 1;
  }
};

}  // namespace

PoolScope::PoolScope(MemoryPool pool) : before_(currentPool) { currentPool = pool; }
PoolScope::~PoolScope() { currentPool = before_; }

void installBudgetAllocator() {
  static BudgetAllocator* const allocator = [] {
    auto* created = new BudgetAllocator;
    // Above any priority a library's own start-up code uses.
    c10::SetCPUAllocator(created, 100);
    return created;
  }();
  static_cast<void>(allocator);
}

PoolStatistics devicePool() { return state().pool(MemoryPool::Device).statistics(); }
PoolStatistics hostPool() { return state().pool(MemoryPool::Host).statistics(); }

void resetPeaks() {
  for (PoolCounter& pool : state().pools) pool.resetPeak();
}

Bytes devicePhasePeak() { return {state().pool(MemoryPool::Device).phasePeak()}; }
void beginPhasePeak() { state().pool(MemoryPool::Device).beginPhase(); }

Bytes deviceLimit() {
  const std::int64_t budget = std::max<std::int64_t>(state().pool(MemoryPool::Device).limit(), 0);
  const std::int64_t sticky = state().failures.limit().count;
  return {budget == 0 || sticky == 0 ? std::max(budget, sticky) : std::min(budget, sticky)};
}

Refusal lastRefusal() {
  const std::lock_guard lock(state().refusalMutex);
  return state().refusal;
}

void injectFailure(const AllocationFailure& failure) {
  state().failures.arm(failure);
  state().fragmented.replace({});
}
void setPlannedPeak(Bytes peak) {
  state().failures.setPlannedPeak(peak);
  const std::int64_t size = peak.count * state().failures.fragmentedPercent() / 100;
  state().fragmented.replace({size > 0 ? std::max<std::int64_t>(1, size - devicePool().current.count) : 0});
}
std::int64_t deviceAllocations() { return state().failures.count(); }

void setHostLimit(Bytes limit) { state().hostLimit.store(std::max<std::int64_t>(limit.count, 0)); }
Bytes hostLimit() { return {state().hostLimit.load()}; }

void setDeviceBudget(Bytes limit) { state().pool(MemoryPool::Device).setLimit(limit.count); }

Bytes cachedBytes() { return {static_cast<std::int64_t>(state().cache.bytes())}; }
void setCacheLimit(Bytes limit) {
  state().cache.setLimit(static_cast<std::size_t>(std::max<std::int64_t>(limit.count, 0)));
}
void trimCache() { state().cache.trim(); }

}  // namespace studio::engine
