#pragma once

#include "engine/api/engine_options.h"
#include "engine/api/units.h"
#include "engine/memory/fragmented_device.h"

#include <cstdint>
#include <optional>

/// The one allocator behind every CPU tensor: counts in pools, limits one of them and all together, and keeps freed
/// blocks for the next operator instead of asking the system for fresh pages each time (clearing those costs more than
/// many operators). All functions are thread-safe.
namespace studio::engine {

/// What a block counts as. On the CPU `Device` is what a GPU's memory would hold: leases, activations, workspaces.
/// `Idle` is what lies on the host for a later job.
enum class MemoryPool { Host, Device, Idle };

/// Blocks that can be counted in another pool all at once, where they lie. They may outlive it.
class BlockAccount {
 public:
  BlockAccount();
  ~BlockAccount();
  BlockAccount(BlockAccount&& other) noexcept;
  BlockAccount& operator=(BlockAccount&& other) noexcept;

  /// Its blocks count there from now on, whatever the pool's limit is.
  void moveTo(MemoryPool pool);
  Bytes bytes() const;

  struct Record;

 private:
  friend class PoolScope;
  Record* record_;
};

/// Blocks that this thread allocates inside the scope belong to the pool; outside of any scope to `Host`. A block
/// remembers its pool, wherever it is freed.
class PoolScope {
 public:
  explicit PoolScope(MemoryPool pool);
  /// They belong to the account as well, whose blocks must all be in this pool.
  PoolScope(MemoryPool pool, const BlockAccount& account);
  ~PoolScope();
  PoolScope(const PoolScope&) = delete;
  PoolScope& operator=(const PoolScope&) = delete;

 private:
  MemoryPool before_;
  BlockAccount::Record* accountBefore_;
};

/// Bytes in use, as asked for by tensors (rounded up to 64).
struct PoolStatistics {
  Bytes current, peak;
};

/// Puts the allocator behind at::kCPU for the rest of the process. Before the first tensor; further calls do nothing.
void installBudgetAllocator();

PoolStatistics devicePool();
PoolStatistics hostPool();
PoolStatistics idlePool();
/// Starts new peaks from what is in use now.
void resetPeaks();

/// Most of the device pool since beginPhasePeak or resetPeaks, whichever was later.
Bytes devicePhasePeak();
/// Starts a new peak for devicePhasePeak alone.
void beginPhasePeak();

/// Largest size of the device pool; an allocation beyond it throws c10::OutOfMemoryError. Zero or less: no limit.
void setDeviceBudget(Bytes limit);

/// The device pool's largest size as it is now, injected failures included; 0: no limit.
Bytes deviceLimit();

/// The most that all pools together may take of the host's memory; a larger block beyond it throws MainMemoryFull
/// (what is less than 64 KiB always has room). For when the system would end the process instead of refusing. Zero or
/// less: no limit.
void setHostLimit(Bytes limit);
Bytes hostLimit();

/// What was refused last, and how things were at that moment.
struct Refusal {
  MemoryPool pool = MemoryPool::Host;
  Bytes asked, inUse;
  std::optional<FreePieces> pieces;  ///< where what was free does not lie together
  std::uint64_t number = 0;          ///< of the refusals so far
};
Refusal lastRefusal();

/// From now on the device pool's allocations are counted and fail as told; an empty value ends that.
void injectFailure(const AllocationFailure& failure);
/// What percentages of a failure are of. Before this is called there is no limit.
void setPlannedPeak(Bytes peak);
/// The device pool's allocations since injectFailure.
std::int64_t deviceAllocations();

/// Freed blocks kept for reuse, in no pool; at most `setCacheLimit` (1 GiB at first), and never so much that used and
/// kept blocks together exceed the most that was in use since the last trim: keeping does not raise a peak.
Bytes cachedBytes();
void setCacheLimit(Bytes limit);
/// Gives all kept blocks back to the system: after a model is dropped or a phase with large activations ends.
void trimCache();

}  // namespace studio::engine
