#include "engine/memory/budget_allocator.h"

#include "engine/memory/block_cache.h"
#include "engine/memory/failure_injector.h"
#include "engine/memory/main_memory_full.h"
#include "engine/memory/pool_counter.h"

#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>
#include <c10/util/Exception.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <utility>

namespace studio::engine {
namespace {

/// Lies before the data of every block.
struct alignas(kBlockAlignment) BlockHeader {
  std::size_t capacity;  ///< bytes of the whole block, header included
  std::size_t counted;   ///< bytes the pool was charged
  MemoryPool pool;       ///< of a block without an account
  BlockAccount::Record* account;
  FragmentedDevice::Place place;
};
static_assert(sizeof(BlockHeader) == kBlockAlignment);

thread_local MemoryPool currentPool = MemoryPool::Host;
thread_local BlockAccount::Record* currentAccount = nullptr;

/// Never destroyed: tensors in static storage may be freed after everything else.
struct AllocatorState {
  BlockCache cache;
  PoolCounter pools[3];
  std::mutex accountsMutex;  ///< of all records
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

}  // namespace

struct BlockAccount::Record {
  MemoryPool pool = MemoryPool::Host;
  std::int64_t bytes = 0;
  std::int64_t users = 1;  ///< its blocks, and who opened it
};

namespace {

/// Under the lock.
void leave(BlockAccount::Record* record) {
  if (--record->users == 0) delete record;
}

void join(BlockAccount::Record* record, std::int64_t bytes) {
  const std::lock_guard lock(state().accountsMutex);
  record->bytes += bytes;
  ++record->users;
}

void uncount(const BlockHeader& block) {
  const auto bytes = static_cast<std::int64_t>(block.counted);
  if (block.account == nullptr) return state().pool(block.pool).remove(bytes);
  const std::lock_guard lock(state().accountsMutex);
  state().pool(block.account->pool).remove(bytes);
  block.account->bytes -= bytes;
  leave(block.account);
}

void freeData(void* data) {
  if (data == nullptr) return;
  auto* header = static_cast<BlockHeader*>(data) - 1;
  const BlockHeader block = *header;
  uncount(block);
  if (block.place.device > 0) state().fragmented.give(block.place);
  if (isLargeBlock(block.capacity)) {
    state().cache.put(header, block.capacity);
  } else {
    releaseBlock(header, block.capacity);
  }
}

void* takeBlock(std::size_t& capacity, std::size_t needed) {
  if (!isLargeBlock(capacity)) return newBlock(capacity, needed);
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
    if (limit <= 0 || inUse + bytes <= limit || bytes < static_cast<std::int64_t>(kLargeBlock)) return;
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
    const std::size_t counted = roundUp(bytes, kBlockAlignment);
    PoolCounter& pool = state().pool(currentPool);
    charge(pool, static_cast<std::int64_t>(counted));
    const FragmentedDevice::Place place = placeFor(pool, static_cast<std::int64_t>(counted));
    std::size_t capacity = blockCapacityFor(counted + sizeof(BlockHeader));
    void* block = takeBlock(capacity, counted + sizeof(BlockHeader));
    if (block == nullptr) {
      pool.remove(static_cast<std::int64_t>(counted));
      if (place.device > 0) state().fragmented.give(place);
      noteRefusal(MemoryPool::Host, static_cast<std::int64_t>(counted), state().inUse());
      C10_THROW_ERROR(OutOfMemoryError, "The system has no room for another " + std::to_string(counted) + " bytes.");
    }
    if (currentAccount != nullptr) join(currentAccount, static_cast<std::int64_t>(counted));
    return new (block) BlockHeader{capacity, counted, currentPool, currentAccount, place} + 1;
  }
};

}  // namespace

BlockAccount::BlockAccount() : record_(new Record) {}

BlockAccount::~BlockAccount() {
  if (record_ == nullptr) return;
  const std::lock_guard lock(state().accountsMutex);
  leave(record_);
}

BlockAccount::BlockAccount(BlockAccount&& other) noexcept : record_(std::exchange(other.record_, nullptr)) {}

BlockAccount& BlockAccount::operator=(BlockAccount&& other) noexcept {
  std::swap(record_, other.record_);
  return *this;
}

void BlockAccount::moveTo(MemoryPool pool) {
  const std::lock_guard lock(state().accountsMutex);
  if (record_->pool == pool) return;
  state().pool(record_->pool).remove(record_->bytes);
  state().pool(pool).addFreely(record_->bytes);
  record_->pool = pool;
}

Bytes BlockAccount::bytes() const {
  const std::lock_guard lock(state().accountsMutex);
  return {record_->bytes};
}

PoolScope::PoolScope(MemoryPool pool) : before_(currentPool), accountBefore_(currentAccount) {
  currentPool = pool;
  currentAccount = nullptr;
}

PoolScope::PoolScope(MemoryPool pool, const BlockAccount& account) : PoolScope(pool) {
  const std::lock_guard lock(state().accountsMutex);
  TORCH_INTERNAL_ASSERT(account.record_->bytes == 0 || account.record_->pool == pool, "blocks are in another pool");
  account.record_->pool = pool;
  currentAccount = account.record_;
}

PoolScope::~PoolScope() {
  currentPool = before_;
  currentAccount = accountBefore_;
}

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
PoolStatistics idlePool() { return state().pool(MemoryPool::Idle).statistics(); }

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
