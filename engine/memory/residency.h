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

/// Decides where one network's weights are. A block is placed when it is leased; one that stays, as all do at first,
/// is kept until it is dropped, another only for the lease. On the CPU a weight in a compact format (fp8, GGUF) is
/// kept as it is stored and prepared anew for each lease. Engine thread only, but for shape runs, which may have one of
/// their own on any thread.
class Residency {
 public:
  /// `table` must outlive this; `source` gives effective weights (base plus LoRAs).
  Residency(const WeightTable& table, std::shared_ptr<const TensorSource> source, ops::ComputeFormat format,
            at::Device device);

  /// Another one for shape runs of the same weights: on the meta device, told what the real one would keep compact if
  /// it were on `device`.
  static Residency forShapes(const Residency& real, at::Device device);

  /// Where blocks are placed and work from now on; those that are elsewhere are dropped. At first the device it was
  /// made for, and there the device's pool.
  void workOn(at::Device device, MemoryPool pool);

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

  void dropAll();
  /// Other numbers from now on; all blocks are dropped when they are others.
  void setFormat(ops::ComputeFormat format);
  std::int64_t residentBytes() const;
  /// Blocks of which something is placed.
  int residentBlocks() const;
  /// What one block takes.
  struct BlockBytes {
    std::int64_t lasting = 0;   ///< while it stays
    std::int64_t prepared = 0;  ///< for its lease alone
    std::int64_t expanded = 0;  ///< for each lease beside the lasting ones, made of compact weights
  };
  /// On the meta device only.
  BlockBytes blockBytes(int block) const;
  ops::ComputeFormat format() const { return format_; }
  at::Device device() const { return device_; }
  MemoryPool pool() const { return pool_; }
  const WeightTable& table() const { return *table_; }

 private:
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
  bool keepsCompact_;
  std::vector<std::shared_ptr<const PlacedBlock>> placed_;
  std::vector<bool> stays_;
};

}  // namespace studio::engine
