#pragma once

#include "engine/api/memory_plan.h"
#include "engine/memory/activation_profile.h"
#include "engine/memory/stream_simulator.h"

#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace studio::engine {

/// A network while it is being planned: which blocks stay, and what that takes. At first all do. The profile must
/// outlive it.
class Placement {
 public:
  static constexpr std::int64_t kNoLimit = std::numeric_limits<std::int64_t>::max();

  /// `ring`: usual size of what blocks pass through; 0: each is placed for its use alone.
  Placement(const ActivationProfile& profile, WorkPlace place, std::int64_t ring);

  const std::string& network() const { return profile_.network; }
  WorkPlace place() const { return place_; }
  std::size_t blocks() const { return stays_.size(); }
  std::int64_t weightOf(std::size_t block) const { return weights_[block]; }
  bool isNeededOnce(std::size_t block) const { return once_[block]; }

  void setStays(std::size_t block, bool stays) { stays_[block] = stays; }
  void setAll(std::vector<bool> stays) { stays_ = std::move(stays); }
  /// Blocks that only the first call needs leave behind it.
  void dropNeededOnce();
  void limitRing(std::int64_t most) { mostRing_ = most; }

  const std::vector<bool>& stays() const { return stays_; }
  std::int64_t resident() const;
  /// Brought in at every call.
  std::int64_t streamed() const;
  /// On the device while the network is there, for the blocks that pass through it: room for more than one of them, so
  /// that the next is copied while one works, but not for more than there are.
  std::int64_t ring() const;
  std::int64_t held() const { return resident() + ring(); }

  /// Of what is alive while a block works: its activations, and its weights if they neither stay nor pass through the
  /// ring.
  struct Moment {
    std::int64_t activations = 0, scratch = 0, passing = 0;
    std::int64_t total() const { return activations + passing; }
  };
  Moment worst() const;
  /// Of every call but the first.
  std::vector<StreamedRun> runs() const;
  NetworkPlacement value() const;

 private:
  bool passesRing(const BlockProfile& block) const;

  const ActivationProfile& profile_;
  WorkPlace place_;
  std::int64_t usualRing_, mostRing_ = kNoLimit;
  std::vector<std::int64_t> weights_;
  std::vector<bool> stays_, once_;
};

}  // namespace studio::engine
