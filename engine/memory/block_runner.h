#pragma once

#include "engine/api/cancelled.h"
#include "engine/memory/activation_profile.h"
#include "engine/memory/budget_allocator.h"
#include "engine/memory/residency.h"

#include <stop_token>
#include <utility>

namespace studio::engine {

/// Runs a network's blocks one after another: the only place that leases weights, and therefore where cancelling is
/// looked at, where a shape run is written down and, later, where copies ahead are started and an out-of-memory is
/// attributed to a block.
class BlockRunner {
 public:
  BlockRunner(Residency& residency, std::stop_token stop) : residency_(residency), stop_(std::move(stop)) {}
  /// A shape run: `residency` is on the meta device.
  BlockRunner(Residency& residency, ProfileRecorder& recorder) : residency_(residency), recorder_(&recorder) {}

  /// Calls `function(const WeightLease&)` while `block` of the network's table is leased. Throws Cancelled.
  template <class Function>
  void run(int block, Function&& function) {
    throwIfStopped(stop_);
    const PoolScope pool(residency_.pool());
    const WeightLease lease = residency_.acquire(block);
    {
      const ops::CountedScope counted;
      std::forward<Function>(function)(lease);
    }
    if (recorder_ != nullptr) recorder_->finishBlock(residency_, block);
  }

  /// The same for work that needs no weights; its activations count as the next block's.
  template <class Function>
  void runBetween(Function&& function) {
    throwIfStopped(stop_);
    const PoolScope pool(residency_.pool());
    const ops::CountedScope counted;
    std::forward<Function>(function)();
  }

  /// For work inside a block that takes long. Throws Cancelled.
  void throwIfCancelled() const { throwIfStopped(stop_); }

  ops::ComputeFormat format() const { return residency_.format(); }
  at::Device device() const { return residency_.device(); }

 private:
  Residency& residency_;
  std::stop_token stop_;
  ProfileRecorder* recorder_ = nullptr;
};

}  // namespace studio::engine
