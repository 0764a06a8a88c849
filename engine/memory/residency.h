#pragma once

#include "engine/api/memory_plan.h"
#include "engine/memory/budget_allocator.h"
#include "engine/memory/weight_lease.h"
#include "engine/weights/tensor_source.h"

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace studio::engine {

/// The pool that counts what works there.
MemoryPool poolOf(WorkPlace place);

class HostBlocks;
class WeightStream;
struct HostRoom;
struct StreamDevice;
struct StreamOrder;

/// Decides where one network's weights are. A block is placed when it is leased; one that stays, as all do at first,
/// is kept until it is dropped, another only for the lease. On the CPU a weight in a compact format (fp8, GGUF) is
/// kept as it is stored and prepared anew for each lease. Engine thread only, but for shape runs, which may have one of
/// their own on any thread. Blocks that do not stay may come through a ring, copied ahead of the work, see stream().
class Residency {
 public:
  /// `table` must outlive this; `source` gives effective weights (base plus LoRAs).
  Residency(const WeightTable& table, std::shared_ptr<const TensorSource> source, ops::ComputeFormat format,
            at::Device device);
  Residency(Residency&&) noexcept;
  ~Residency();

  /// Another one for shape runs of the same weights: on the meta device, told what the real one would keep compact if
  /// it were on `device`.
  static Residency forShapes(const Residency& real, at::Device device);

  /// Where blocks are placed and work from now on; those that are elsewhere are dropped. At first the device it was
  /// made for, and there the device's pool.
  void workOn(at::Device device, MemoryPool pool);

  /// No job needs the network for now. On the CPU what is placed stays and counts as idle until it wakes; elsewhere it
  /// leaves the device. What waits on the host stays there. Nothing is acquired in between.
  void rest();
  void wake();

  /// Places the block if need be. Throws EngineException(BadFile) or c10::OutOfMemoryError.
  WeightLease acquire(int block);

  /// Places every block, so that the first step takes no longer than the others. Throws also Cancelled.
  void placeAll(const std::stop_token& stop);

  /// Takes another source from now on and drops the weights that have a tensor for which `changed(name)` is true; the
  /// others of their blocks stay. What both sources keep compact must be the same.
  void replaceSource(std::shared_ptr<const TensorSource> source,
                     const std::function<bool(const std::string&)>& changed);

  /// Which blocks stay; others are dropped. One value for each block.
  void keepOnly(std::vector<bool> stays);

  /// Blocks of the order that do not stay come through a ring from now on: prepared once, kept on the host as far as
  /// there is room, and copied from there. An empty order: they are read and prepared for each lease, as at first.
  void stream(const StreamOrder& order, const HostRoom& room, const StreamDevice& device);

  /// From the device; what waits on the host for its next use stays there.
  void dropAll();
  /// What waits on the host; it is read again when it is used.
  void dropHostBlocks();
  /// Other numbers from now on; all blocks are dropped when they are others.
  void setFormat(ops::ComputeFormat format);
  /// On the device, with the ring.
  std::int64_t residentBytes() const;
  /// On the host, ready to be copied.
  Bytes hostBytes() const;
  /// Memory that the system may not move was wanted for those and not to be had.
  bool wasRefusedPinned() const;
  /// Blocks of which something is placed.
  int residentBlocks() const;
  /// What one block takes.
  struct BlockBytes {
    std::int64_t lasting = 0;   ///< while it stays
    std::int64_t prepared = 0;  ///< for its lease alone
    std::int64_t expanded = 0;  ///< for each lease beside the lasting ones, made of compact weights
    std::int64_t stretch = 0;   ///< in a ring; 0: it cannot pass through one
  };
  /// On the meta device only.
  BlockBytes blockBytes(int block) const;
  ops::ComputeFormat format() const { return format_; }
  at::Device device() const { return device_; }
  MemoryPool pool() const { return pool_; }
  const WeightTable& table() const { return *table_; }

 private:
  /// Null when the block does not come through the ring now.
  std::shared_ptr<const PlacedBlock> acquirePassing(int block);
  void endStream();
  /// Whether the weight is kept as it is stored and prepared for each lease.
  bool staysCompact(const WeightEntry& entry) const;
  /// A copy without the weights that `changed` names; the block itself when it names none.
  std::shared_ptr<const PlacedBlock> withoutChanged(std::shared_ptr<const PlacedBlock> placed, int count,
                                                    const std::function<bool(const std::string&)>& changed) const;
  /// A copy with the stale weights placed anew.
  std::shared_ptr<const PlacedBlock> refreshed(const PlacedBlock& placed) const;
  /// The block's weights without those that stay compact; of these the stored form is kept when the block `stays`.
  std::shared_ptr<const PlacedBlock> placeLasting(const WeightBlock& block, bool stays) const;
  void fill(PlacedBlock& placed, const WeightBlock& block, bool stays) const;
  void drop(std::size_t block);
  /// Ends that the source holds the block's compact weights.
  void release(const PlacedBlock& placed) const;
  /// A copy for one lease, complete.
  std::shared_ptr<const PlacedBlock> withExpanded(const PlacedBlock& lasting) const;

  const WeightTable* table_;
  std::shared_ptr<const TensorSource> source_;
  ops::ComputeFormat format_;
  at::Device device_;
  MemoryPool pool_ = MemoryPool::Device;
  BlockAccount account_;  ///< of what is placed
  bool keepsCompact_;
  std::vector<std::shared_ptr<const PlacedBlock>> placed_;
  std::vector<bool> stays_;
  std::unique_ptr<HostBlocks> hostBlocks_;
  std::unique_ptr<WeightStream> stream_;  ///< after what it reads from
};

}  // namespace studio::engine
