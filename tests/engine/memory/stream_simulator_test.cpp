#include "engine/memory/stream_simulator.h"
#include "engine/memory/planner.h"
#include "engine/runtime/copy_ring.h"
#include "tests/engine/runtime/simulated_device.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace studio::engine {
namespace {

std::vector<StreamedRun> equalRuns(std::size_t count, std::int64_t bytes, double work) {
  std::vector<StreamedRun> runs;
  for (std::size_t i = 0; i < count; ++i) runs.push_back({i, bytes, work});
  return runs;
}

TEST(StreamSimulator, isAsFastAsTheSlowerEngine) {
  const auto runs = equalRuns(10, 10, 10);
  const std::vector<bool> none(10, false);
  EXPECT_DOUBLE_EQ(passSeconds(runs, none, {.bytesPerSecond = 10, .workPerSecond = 5, .ring = 30}), 20);
  EXPECT_DOUBLE_EQ(passSeconds(runs, none, {.bytesPerSecond = 5, .workPerSecond = 10, .ring = 30}), 20);
  EXPECT_DOUBLE_EQ(
      passSeconds(runs, std::vector<bool>(10, true), {.bytesPerSecond = 5, .workPerSecond = 10, .ring = 30}), 10);
}

TEST(StreamSimulator, waitsForRoomInTheRing) {
  const auto runs = equalRuns(10, 10, 10);
  const std::vector<bool> none(10, false);
  EXPECT_DOUBLE_EQ(passSeconds(runs, none, {.bytesPerSecond = 10, .workPerSecond = 10, .ring = 10}), 20)
      << "with room for one alone nothing is ahead";
}

TEST(StreamSimulator, ordersBlocksByItsRules) {
  const std::vector<StreamedRun> runs{{4, 10, 1}, {2, 30, 60}, {3, 20, 1}, {2, 30, 60}};
  EXPECT_EQ(stayOrder(runs, StayRule::Prefix), (std::vector<std::size_t>{4, 2, 3}));
  EXPECT_EQ(stayOrder(runs, StayRule::LargestFirst), (std::vector<std::size_t>{2, 3, 4}));
  EXPECT_EQ(stayOrder(runs, StayRule::BytesPerWorkFirst), (std::vector<std::size_t>{3, 4, 2}));
  EXPECT_EQ(stayOrder(equalRuns(6, 1, 1), StayRule::EvenSpread), (std::vector<std::size_t>{0, 4, 2, 1, 5, 3}));
}

TEST(StreamSimulator, agreesWithTheRingItSpeaksOf) {
  std::mt19937 random(11);
  for (int round = 0; round < 100; ++round) {
    std::vector<StreamedRun> runs;
    std::vector<CopyRing::Use> uses;
    for (std::size_t i = 0; i < 20; ++i) {
      runs.push_back({i, 1 + static_cast<std::int64_t>(random() % 8), static_cast<double>(random() % 10)});
      uses.push_back({i, runs.back().bytes});
    }
    const StreamRates rates{.bytesPerSecond = 1 + static_cast<double>(random() % 3), .workPerSecond = 1, .ring = 200};
    tests::SimulatedDevice device(rates.bytesPerSecond);
    CopyRing ring(device, rates.ring, uses, 3);
    double before = 0;
    for (int pass = 0; pass < 3; ++pass) {
      before = device.computed();
      for (const StreamedRun& run : runs) {
        device.compute(run.block, ring.acquire(), run.bytes, run.work);
        ring.release();
      }
    }
    const double said = passSeconds(runs, std::vector<bool>(20, false), rates), seen = device.computed() - before;
    EXPECT_NEAR(said, seen, 0.1 * seen) << "a slot does not go round the ring's end";
  }
}

ActivationProfile networkOf(const std::vector<StreamedRun>& runs) {
  ActivationProfile profile{"unet", {}, runs.size()};
  for (const StreamedRun& run : runs)
    profile.blocks.push_back({"", run.block, run.bytes, 0, run.bytes, 10, 0, run.work});
  return profile;
}

TEST(StreamSimulator, decidesWhatStaysWhereRatesAreKnown) {
  std::mt19937 random(4);
  int better = 0;
  for (int round = 0; round < 200; ++round) {
    std::vector<StreamedRun> runs;
    std::int64_t bytes = 0;
    for (std::size_t i = 0; i < 16; ++i) {
      runs.push_back({i, 1 + static_cast<std::int64_t>(random() % 50), 1 + static_cast<double>(random() % 50)});
      bytes += runs.back().bytes;
    }
    const std::vector<PhaseProfile> phases{{Phase::Denoise, {networkOf(runs)}, 20}};
    const StreamRates rates{.bytesPerSecond = 1, .workPerSecond = 1, .ring = 60};
    const Bytes budget{bytes / 2 + 80};
    const auto planned = [&](const StreamRates& known) {
      return planMemory(phases, budget, MemoryMode::Automatic, {}, HostShare::Nobody, known);
    };
    const MemoryPlan plan = planned(rates);
    ASSERT_TRUE(plan.fits());
    EXPECT_EQ(plan, planned(rates));
    const NetworkPlacement& unet = *plan.placementOf("unet");
    EXPECT_EQ(plan.phaseOf(Phase::Denoise)->weights.count, unet.resident.count + rates.ring) << "the ring counts";
    // By hand: the largest first in the same room.
    std::vector<bool> largest(runs.size(), false);
    std::int64_t resident = 0;
    for (const std::size_t block : stayOrder(runs, StayRule::LargestFirst)) {
      if (resident + runs[block].bytes + rates.ring + 10 > budget.count) continue;
      largest[block] = true, resident += runs[block].bytes;
    }
    const double by = passSeconds(runs, unet.stays, rates), without = passSeconds(runs, largest, rates);
    EXPECT_LE(by, without);
    better += by < without ? 1 : 0;
  }
  EXPECT_GT(better, 50);
}

}  // namespace
}  // namespace studio::engine
