#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

/// What it costs to bring a network's weights in while it runs: a simulation of two engines, one that copies and one
/// that computes, with a ring of memory between them. No device is asked; a pure function of what is given.
namespace studio::engine {

/// One run of a block.
struct StreamedRun {
  std::size_t block = 0;   ///< one block may run twice; its weights are brought in each time
  std::int64_t bytes = 0;  ///< of its weights
  double work = 0;         ///< multiplications
};

/// How fast a device is. Zeros: not known.
struct StreamRates {
  double bytesPerSecond = 0;  ///< from the host to the device
  double workPerSecond = 0;   ///< multiplications
  std::int64_t ring = 0;      ///< bytes on the device for weights that pass by, where no block is very large
  bool known() const { return bytesPerSecond > 0 && workPerSecond > 0 && ring > 0; }
};

/// Seconds of one pass through all runs in their order when passes follow one another, with copies that run ahead as
/// far as the ring has room, into the next pass too. `stays`: one value for each block.
double passSeconds(std::span<const StreamedRun> runs, const std::vector<bool>& stays, const StreamRates& rates);

/// Which block is to stay first when some may.
enum class StayRule {
  LargestFirst,
  BytesPerWorkFirst,  ///< those that take longest to copy for what they compute
  EvenSpread,         ///< bit-reversed, so that copies come at even distances
  Prefix,             ///< from the front
};

/// All blocks that run, in the order of a rule.
std::vector<std::size_t> stayOrder(std::span<const StreamedRun> runs, StayRule rule);

}  // namespace studio::engine
