#include "engine/runtime/copy_ring.h"
#include "tests/engine/runtime/simulated_device.h"

#include <gtest/gtest.h>

#include <random>

namespace studio::engine {
namespace {

using tests::SimulatedDevice;
using Uses = std::vector<CopyRing::Use>;

void takeUse(CopyRing& ring, SimulatedDevice& device, const CopyRing::Use& use, double seconds) {
  const std::int64_t offset = ring.acquire();
  device.compute(use.source, offset, use.bytes, seconds);
  ring.release();
}

void takePasses(CopyRing& ring, SimulatedDevice& device, const Uses& pass, int passes, double seconds) {
  for (int i = 0; i < passes; ++i) {
    for (const CopyRing::Use& use : pass) takeUse(ring, device, use, seconds);
  }
}

TEST(CopyRing, copiesAheadAsFarAsThereIsRoom) {
  SimulatedDevice device(1);
  const Uses pass{{1, 10}, {2, 10}, {3, 10}, {4, 10}};
  CopyRing ring(device, 25, pass, 1);
  EXPECT_EQ(ring.acquire(), 0);
  EXPECT_EQ(device.copied, (std::vector<std::uint64_t>{1, 2})) << "a third has no room";
  EXPECT_EQ(ring.ahead(), 2U);
  device.compute(1, 0, 10, 5);
  ring.release();
  EXPECT_EQ(ring.acquire(), 10);
  EXPECT_EQ(device.copied.back(), 3U) << "where the first was";
}

TEST(CopyRing, goesOnIntoTheNextPassAndNotBeyondTheLast) {
  SimulatedDevice device(1);
  const Uses pass{{1, 10}, {2, 10}, {3, 10}};
  CopyRing ring(device, 100, pass, 2);
  takePasses(ring, device, pass, 2, 1);
  EXPECT_EQ(device.copied, (std::vector<std::uint64_t>{1, 2, 3, 1, 2, 3}));
  EXPECT_EQ(device.races, 0);
  EXPECT_THROW(ring.acquire(), std::logic_error);
}

TEST(CopyRing, hidesCopiesBehindWork) {
  SimulatedDevice device(10);  // a copy takes one second, as long as the work
  const Uses pass{{1, 10}, {2, 10}, {3, 10}, {4, 10}};
  CopyRing ring(device, 20, pass, 5);
  takePasses(ring, device, pass, 5, 1);
  EXPECT_EQ(device.races, 0);
  EXPECT_DOUBLE_EQ(device.computed(), 1 + 20 * 1) << "the first copy, and then nothing but work";
}

TEST(CopyRing, refusesWhatCannotPass) {
  SimulatedDevice device(1);
  EXPECT_THROW(CopyRing(device, 10, {{1, 11}}, 1), std::invalid_argument);
  EXPECT_THROW(CopyRing(device, 10, {{1, 0}}, 1), std::invalid_argument);
  EXPECT_THROW(CopyRing(device, 10, {}, 1), std::invalid_argument);
  CopyRing ring(device, 10, {{1, 10}}, 2);
  EXPECT_THROW(ring.release(), std::logic_error);
  ring.acquire();
  EXPECT_THROW(ring.acquire(), std::logic_error);
}

Uses someUses(std::mt19937& random, std::int64_t capacity) {
  Uses pass;
  const std::size_t count = 1 + random() % 12;
  for (std::size_t i = 0; i < count; ++i)
    pass.push_back({i + 1, 1 + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(capacity))});
  return pass;
}

/// Races in passes of random sizes, speeds and rings.
int racesIn(std::uint32_t seed, bool ignoresWaits) {
  std::mt19937 random(seed);
  const auto capacity = static_cast<std::int64_t>(20 + random() % 100);
  const Uses pass = someUses(random, capacity);
  SimulatedDevice device(0.5 + static_cast<double>(random() % 100));
  device.ignoresWaits = ignoresWaits;
  CopyRing ring(device, capacity, pass, 6);
  std::vector<std::uint64_t> expected;
  for (int i = 0; i < 6; ++i) {
    for (const CopyRing::Use& use : pass) {
      takeUse(ring, device, use, static_cast<double>(random() % 10));
      expected.push_back(use.source);
    }
  }
  EXPECT_EQ(device.copied, expected) << "in the order of use, each once";
  return device.races;
}

TEST(CopyRing, neverWritesWhatIsStillReadAndNeverReadsWhatIsNotThere) {
  for (std::uint32_t seed = 0; seed < 300; ++seed) EXPECT_EQ(racesIn(seed, false), 0) << seed;
}

TEST(CopyRing, wouldRaceWithoutItsEvents) {
  int rounds = 0;
  for (std::uint32_t seed = 0; seed < 300; ++seed) rounds += racesIn(seed, true) > 0 ? 1 : 0;
  EXPECT_GT(rounds, 250);
}

TEST(CopyRing, tellsOfAFailureWhereItMattersAndTriesAgain) {
  SimulatedDevice device(1);
  const Uses pass{{1, 10}, {2, 10}, {3, 10}};
  CopyRing ring(device, 100, pass, 1);
  device.failsIn = 1;
  takeUse(ring, device, pass[0], 1);
  EXPECT_THROW(ring.acquire(), std::runtime_error) << "the second copy failed while the first was waited for";
  takeUse(ring, device, pass[1], 1);
  takeUse(ring, device, pass[2], 1);
  EXPECT_EQ(device.races, 0);
  EXPECT_EQ(ring.released(), 3U);
}

TEST(CopyRing, beginsAgainWhereItWasStopped) {
  SimulatedDevice device(1);
  const Uses pass{{1, 10}, {2, 10}, {3, 10}};
  CopyRing ring(device, 25, pass, 4);
  takeUse(ring, device, pass[0], 1);
  device.compute(2, ring.acquire(), 10, 7);
  ring.restart();
  EXPECT_EQ(ring.ahead(), 0U);
  takeUse(ring, device, pass[1], 1);
  ring.acquire();
  ring.restartPass();
  EXPECT_EQ(ring.released(), 0U);
  takePasses(ring, device, pass, 4, 1);
  EXPECT_EQ(device.races, 0);
}

TEST(CopyRing, staysSafeWhateverStopsIt) {
  for (std::uint32_t seed = 0; seed < 300; ++seed) {
    std::mt19937 random(seed);
    const auto capacity = static_cast<std::int64_t>(20 + random() % 100);
    const Uses pass = someUses(random, capacity);
    SimulatedDevice device(0.5 + static_cast<double>(random() % 20));
    CopyRing ring(device, capacity, pass, 3);
    while (ring.released() < 3 * pass.size()) {
      if (random() % 5 == 0) device.failsIn = static_cast<int>(random() % 3);
      const CopyRing::Use& use = pass[ring.released() % pass.size()];
      try {
        device.compute(use.source, ring.acquire(), use.bytes, static_cast<double>(random() % 10));
      } catch (const std::runtime_error&) {
        continue;
      }
      random() % 7 == 0 ? ring.restart() : ring.release();
    }
    EXPECT_EQ(device.races, 0) << seed;
  }
}

TEST(CopyRing, leavesNothingRunningBehindIt) {
  SimulatedDevice device(1);
  { const CopyRing ring(device, 10, {{1, 10}}, 1); }
  EXPECT_EQ(device.drains, 1);
}

}  // namespace
}  // namespace studio::engine
