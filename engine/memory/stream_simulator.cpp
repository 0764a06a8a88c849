#include "engine/memory/stream_simulator.h"

#include <algorithm>
#include <bit>
#include <deque>
#include <map>
#include <numeric>

namespace studio::engine {
namespace {

constexpr int kPasses = 3;  ///< the last one is as all that follow

struct Block {
  std::size_t number = 0;
  std::int64_t bytes = 0;
  double work = 0;
};

/// What a block's runs are together, in the order of the first ones.
std::vector<Block> blocksOf(std::span<const StreamedRun> runs) {
  std::vector<Block> blocks;
  std::map<std::size_t, std::size_t> places;
  for (const StreamedRun& run : runs) {
    const auto [place, isNew] = places.try_emplace(run.block, blocks.size());
    if (isNew) blocks.push_back({run.block, run.bytes, 0});
    blocks[place->second].work += run.work;
  }
  return blocks;
}

std::size_t reversedBits(std::size_t value, int bits) {
  std::size_t reversed = 0;
  for (int i = 0; i < bits; ++i) reversed = reversed << 1 | (value >> i & 1);
  return reversed;
}

/// Places 0 to count - 1 in an order whose every beginning is spread evenly.
std::vector<std::size_t> evenSpread(std::size_t count) {
  const int bits = std::bit_width(count);
  std::vector<std::size_t> places;
  for (std::size_t i = 0; places.size() < count; ++i) {
    const std::size_t place = reversedBits(i, bits);
    if (place < count) places.push_back(place);
  }
  return places;
}

}  // namespace

double passSeconds(std::span<const StreamedRun> runs, const std::vector<bool>& stays, const StreamRates& rates) {
  struct Passing {
    std::int64_t bytes;
    double freeAt;
  };
  std::deque<Passing> ring;  // in the order of use: what was copied, and when it has been used
  std::int64_t inRing = 0;
  double copied = 0, computed = 0, before = 0;
  for (int pass = 0; pass < kPasses; ++pass) {
    before = computed;
    for (const StreamedRun& run : runs) {
      double ready = 0;
      const bool passes = !stays[run.block] && run.bytes > 0;
      if (passes) {
        double room = 0;  // when there is enough of it
        while (!ring.empty() && inRing + run.bytes > rates.ring) {
          room = ring.front().freeAt;
          inRing -= ring.front().bytes;
          ring.pop_front();
        }
        copied = ready = std::max(copied, room) + static_cast<double>(run.bytes) / rates.bytesPerSecond;
      }
      computed = std::max(computed, ready) + run.work / rates.workPerSecond;
      if (passes) ring.push_back({run.bytes, computed}), inRing += run.bytes;
    }
  }
  return computed - before;
}

std::vector<std::size_t> stayOrder(std::span<const StreamedRun> runs, StayRule rule) {
  std::vector<Block> blocks = blocksOf(runs);
  std::vector<std::size_t> order;
  if (rule == StayRule::EvenSpread) {
    for (const std::size_t place : evenSpread(blocks.size())) order.push_back(blocks[place].number);
    return order;
  }
  if (rule == StayRule::LargestFirst)
    std::stable_sort(blocks.begin(), blocks.end(), [](const Block& a, const Block& b) { return a.bytes > b.bytes; });
  if (rule == StayRule::BytesPerWorkFirst) {
    std::stable_sort(blocks.begin(), blocks.end(), [](const Block& a, const Block& b) {
      return static_cast<double>(a.bytes) * b.work > static_cast<double>(b.bytes) * a.work;
    });
  }
  for (const Block& block : blocks) order.push_back(block.number);
  return order;
}

}  // namespace studio::engine
