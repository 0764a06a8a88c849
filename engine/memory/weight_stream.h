#pragma once

#include "engine/api/units.h"
#include "engine/memory/host_blocks.h"
#include "engine/memory/weight_lease.h"
#include "engine/runtime/copy_ring.h"

#include <ATen/core/Tensor.h>

#include <functional>
#include <memory>
#include <vector>

namespace studio::engine {

/// Which blocks pass through a ring.
struct StreamOrder {
  std::vector<int> passing;  ///< in the order of their uses in one pass
  Bytes ring;                ///< of memory on the device
  bool operator==(const StreamOrder&) const = default;
};

/// Copies to `ring` (bytes [n]) from addresses of host memory, which stay valid until the use is over.
using MakeCopyEngine = std::function<std::unique_ptr<CopyEngine>(const at::Tensor& ring)>;

/// What copies need of a device.
struct StreamDevice {
  MakeCopyEngine makeEngine;
  HostBlocks::PinnedBytes pinned;  ///< empty: there is no such memory
};

/// Brings blocks from the host to a device ahead of the work: owns the memory they pass through, which is allocated at
/// the first use. Engine thread only.
class WeightStream {
 public:
  /// `host` must outlive this. The ring has room for the largest block.
  WeightStream(HostBlocks& host, StreamOrder order, at::Device device, MakeCopyEngine makeEngine);
  ~WeightStream();
  WeightStream(const WeightStream&) = delete;
  WeightStream& operator=(const WeightStream&) = delete;

  /// The block's weights on the device, until the result is dropped, which has to be before the next is asked for. A
  /// pass that begins anew, because the one before was not carried through, is recognised by its order. Null: it is not
  /// this block's turn, or it does not pass by here at all. Throws what reading the block and allocating throw; it can
  /// be asked for again then.
  std::shared_ptr<const PlacedBlock> acquire(int block);

  /// Frees the memory; the next use begins a pass.
  void close() noexcept;
  const StreamOrder& order() const { return order_; }
  Bytes bytes() const { return {memory_.defined() ? static_cast<std::int64_t>(memory_.nbytes()) : 0}; }

 private:
  class Feeder;
  void open();
  std::size_t place() const { return static_cast<std::size_t>(ring_->released() % order_.passing.size()); }
  bool isNext(int block) const { return order_.passing[place()] == block; }
  std::unique_ptr<PlacedBlock> blockAt(std::int64_t offset, const HostBlock& host) const;
  void finish() noexcept;

  HostBlocks& host_;
  StreamOrder order_;
  at::Device device_;
  MakeCopyEngine makeEngine_;
  at::Tensor memory_;
  std::unique_ptr<CopyEngine> engine_;
  std::unique_ptr<Feeder> feeder_;
  std::unique_ptr<CopyRing> ring_;  ///< last: ends all copies before the rest goes
};

}  // namespace studio::engine
