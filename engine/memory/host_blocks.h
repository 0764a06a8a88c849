#pragma once

#include "engine/api/units.h"
#include "engine/memory/weight_lease.h"
#include "engine/ops/weights.h"
#include "engine/weights/tensor_source.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace studio::engine {

/// How blocks that pass by wait on the host.
struct HostRoom {
  Bytes most;    ///< for all that are kept; 0: none is, each is read and prepared for every use
  Bytes pinned;  ///< of that, in memory that the system may not move, as long as there is such
  bool operator==(const HostRoom&) const = default;
};

/// One block in the form its device wants, in one stretch of host memory.
struct HostBlock {
  int number = 0;                     ///< in the network's table
  int first = 0;                      ///< number of the first entry in the network's table
  at::Tensor memory;                  ///< bytes [n]
  bool pinned = false;                ///< the system may not move it
  std::vector<PlacedWeight> weights;  ///< over it, each piece aligned
};

/// Blocks of one network on the host, ready to be copied to a device, as many as there is room for. Engine thread only.
class HostBlocks {
 public:
  /// Gives so many bytes of memory that the system may not move; an undefined tensor when none is to be had.
  using PinnedBytes = std::function<at::Tensor(std::int64_t)>;

  /// `table` must outlive this; operators work on `works`.
  HostBlocks(const WeightTable& table, std::shared_ptr<const TensorSource> source, ops::ComputeFormat format,
             at::Device works, PinnedBytes pinned);

  /// From now on so much is kept; what is beyond it is dropped.
  void setRoom(const HostRoom& room);
  /// The block: kept from an earlier call, or read and prepared, and kept where there is room. Throws
  /// EngineException(BadFile), c10::OutOfMemoryError.
  std::shared_ptr<const HostBlock> get(int block);
  /// Whether the block would be kept if it were asked for now, or is already.
  bool hasRoomFor(int block) const;
  /// What one block takes at most.
  std::int64_t stretchFor(int block) const;

  /// Takes another source from now on, and drops blocks with a tensor for which `changed(name)` is true.
  void replaceSource(std::shared_ptr<const TensorSource> source,
                     const std::function<bool(const std::string&)>& changed);
  /// Drops all others.
  void keepOnly(const std::vector<int>& blocks);

  Bytes bytes() const { return {bytes_}; }
  Bytes pinnedBytes() const { return {pinnedBytes_}; }
  int count() const { return static_cast<int>(kept_.size()); }
  /// Memory that the system may not move was wanted and not to be had.
  bool wasRefusedPinned() const { return refusedPinned_; }

 private:
  std::shared_ptr<const HostBlock> prepare(int block);
  void allocate(HostBlock& block, std::int64_t bytes);
  bool isChanged(int block, const std::function<bool(const std::string&)>& changed) const;
  template <class Condition>
  void dropIf(const Condition& condition);

  const WeightTable* table_;
  std::shared_ptr<const TensorSource> source_;
  ops::ComputeFormat format_;
  at::Device works_;
  PinnedBytes pinned_;
  HostRoom room_;
  bool refusedPinned_ = false;
  std::map<int, std::shared_ptr<const HostBlock>> kept_;
  std::int64_t bytes_ = 0, pinnedBytes_ = 0;
};

}  // namespace studio::engine
