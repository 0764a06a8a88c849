#pragma once

#include "engine/ops/shape/shape_memory.h"

#include <cstdint>
#include <string>
#include <vector>

namespace studio::engine {

/// What one block of a network takes while it runs, by a shape run.
struct BlockProfile {
  std::string name;
  std::size_t block = 0;             ///< number in the network's weight table
  std::int64_t weightBytes = 0;      ///< that stay on the device when the block stays
  std::int64_t expandedBytes = 0;    ///< made of compact weights for each use although the block stays
  std::int64_t passingBytes = 0;     ///< all of its weights, for a use of a block that does not stay
  std::int64_t activationBytes = 0;  ///< most that is alive at once, with what earlier blocks left for later ones
  std::int64_t scratchBytes = 0;     ///< operators' part of that
  double work = 0;                   ///< multiplications
  bool once = false;                 ///< runs at the first call only
  std::int64_t stretchBytes = 0;     ///< of a ring that its weights pass through; 0: they cannot
};

/// A network's blocks in the order in which they run (one may run twice), for one shape of input, one compute format
/// and one kind of device. A value: the planner knows nothing else of networks.
struct ActivationProfile {
  std::string network;  ///< "unet", "vae", …
  std::vector<BlockProfile> blocks;
  std::size_t tableSize = 0;  ///< blocks of the weight table; some may not run

  /// Of each block of the table; 0 for those that do not run.
  std::vector<std::int64_t> blockWeights() const;
  std::int64_t weightBytes() const;
  double work() const;  ///< of every call but the first
};

class Residency;

/// Fills a profile while a network runs on meta tensors; on one thread. One at a time on a thread.
class ProfileRecorder {
 public:
  explicit ProfileRecorder(std::string network) { profile_.network = std::move(network); }

  /// To be called behind each run of a block.
  void finishBlock(const Residency& residency, int block);
  /// The network is called another time, with what the calls before have left. The last call is profiled; of those
  /// before it the blocks that it does not run, as needed once.
  void beginAgain();
  ActivationProfile take();

 private:
  ops::ShapeMemory memory_;
  ActivationProfile profile_;
  std::vector<BlockProfile> before_;
};

}  // namespace studio::engine
