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
    profile.blocks.push_back({"", run.block, run.bytes, 0, run.bytes, 10, 0, run.work, false, run.bytes});
  return profile;
}

constexpr std::int64_t kUsualRing = 60;

/// Room for more than two of the largest, but not for more than there are.
std::int64_t ringFor(const std::vector<StreamedRun>& runs, const std::vector<bool>& stays) {
  std::int64_t largest = 0, all = 0;
  for (const StreamedRun& run : runs) {
    if (!stays[run.block]) largest = std::max(largest, run.bytes), all += run.bytes;
  }
  return std::min(std::max(kUsualRing, largest * 22 / 10), all);
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
    const StreamRates rates{.bytesPerSecond = 1, .workPerSecond = 1, .ring = kUsualRing};
    const Bytes budget{bytes / 2 + 80};
    const auto planned = [&](const StreamRates& known) {
      return planMemory(phases, budget, MemoryMode::Automatic, {}, HostShare::Nobody, known);
    };
    const MemoryPlan plan = planned(rates);
    ASSERT_TRUE(plan.fits());
    EXPECT_EQ(plan, planned(rates));
    const NetworkPlacement& unet = *plan.placementOf("unet");
    EXPECT_EQ(plan.phaseOf(Phase::Denoise)->weights.count, unet.resident.count + unet.ring.count) << "the ring counts";
    // By hand: the largest first in the same room.
    std::vector<bool> largest(runs.size(), false);
    std::int64_t resident = 0;
    for (const std::size_t block : stayOrder(runs, StayRule::LargestFirst)) {
      largest[block] = true;
      const bool fits = resident + runs[block].bytes + ringFor(runs, largest) + 10 <= budget.count;
      largest[block] = fits;
      resident += fits ? runs[block].bytes : 0;
    }
    EXPECT_EQ(unet.ring.count, ringFor(runs, unet.stays));
    const auto seconds = [&](const std::vector<bool>& stays) {
      return passSeconds(runs, stays, {1, 1, ringFor(runs, stays)});
    };
    const double by = seconds(unet.stays), without = seconds(largest);
    EXPECT_LE(by, without);
    better += by < without ? 1 : 0;
  }
  EXPECT_GT(better, 50);
}

/// Of random sizes; a ring of `usual` where there is room.
class RingPlan {
 public:
  explicit RingPlan(std::uint32_t seed) : random_(seed) {
    const std::size_t count = 1 + random_() % 14;
    for (std::size_t i = 0; i < count; ++i) {
      runs_.push_back({i, 1 + static_cast<std::int64_t>(random_() % 90), 1 + static_cast<double>(random_() % 50)});
      profile_.blocks.push_back({"", i, runs_[i].bytes, 0, runs_[i].bytes, 1 + some(40), 0, runs_[i].work, i % 5 == 4,
                                 i % 7 == 6 ? 0 : runs_[i].bytes + some(9)});
    }
    profile_.tableSize = runs_.size();
  }
  MemoryPlan within(std::int64_t budget, MemoryMode mode = MemoryMode::Automatic) const {
    ActivationProfile vae{"vae", {{"", 0, 20, 0, 20, 30, 0, 5, false, 20}}, 1};
    const StreamRates rates{.bytesPerSecond = 1, .workPerSecond = 1, .ring = 70};
    return planMemory({{Phase::Denoise, {profile_}, 20}, {Phase::Decode, {vae}, 1}}, {budget}, mode, {},
                      HostShare::Nobody, rates);
  }
  /// Found once more by counting: what stays, the ring, and the worst moment of a block.
  std::int64_t peakOf(const NetworkPlacement& unet) const {
    std::int64_t worst = 0, largest = 0;
    for (const BlockProfile& block : profile_.blocks) {
      const bool passes = !unet.stays[block.block] && !block.once && block.stretchBytes > 0;
      if (passes) largest = std::max(largest, block.stretchBytes);
      const std::int64_t own = unet.stays[block.block] || passes ? 0 : block.passingBytes;
      worst = std::max(worst, block.activationBytes + own);
    }
    EXPECT_GE(unet.ring.count, largest);
    EXPECT_EQ(unet.ring.count > 0, !unet.passing.empty());
    return unet.resident.count + unet.ring.count + worst;
  }

 private:
  std::int64_t some(std::uint32_t most) { return static_cast<std::int64_t>(random_() % most); }
  std::mt19937 random_;
  std::vector<StreamedRun> runs_;
  ActivationProfile profile_{"unet", {}, 0};
};

TEST(RingInPlans, neverExceedsABudgetThatCanBeKeptAndIsWhatIsCounted) {
  int rings = 0, small = 0;
  for (std::uint32_t seed = 0; seed < 300; ++seed) {
    const RingPlan plan(seed);
    const std::int64_t least = plan.within(1).peak().count, whole = plan.within(0).peak().count;
    for (std::int64_t budget = least; budget <= whole; budget += 1 + (whole - least) / 7) {
      const MemoryPlan found = plan.within(budget);
      ASSERT_TRUE(found.fits()) << "seed " << seed << ", budget " << budget << ", peak " << found.peak().count;
      const NetworkPlacement& unet = *found.placementOf("unet");
      EXPECT_EQ(found.phaseOf(Phase::Denoise)->peak().count, plan.peakOf(unet)) << seed;
      EXPECT_EQ(found.placementOf("vae")->ring.count, 0) << "what is called once has none";
      rings += unet.ring.count > 0 ? 1 : 0;
      small += unet.ring.count > 0 && unet.ring.count < 70 ? 1 : 0;
    }
    EXPECT_EQ(plan.within(0).placementOf("unet")->ring.count, 0);
  }
  EXPECT_GT(rings, 300);
  EXPECT_GT(small, 30);
}

TEST(RingInPlans, holdsWhatPassesInTheOrderOfItsUse) {
  std::size_t most = 0;
  for (std::uint32_t seed = 0; seed < 20; ++seed) {
    const MemoryPlan plan = RingPlan(seed).within(0, MemoryMode::Streaming);
    const std::vector<int>& passing = plan.placementOf("unet")->passing;
    most = std::max(most, passing.size());
    EXPECT_TRUE(std::is_sorted(passing.begin(), passing.end()));
    EXPECT_EQ(std::count(passing.begin(), passing.end(), 4), 0) << "needed once";
    EXPECT_EQ(std::count(passing.begin(), passing.end(), 6), 0) << "cannot";
  }
  EXPECT_GE(most, 9U);
}

}  // namespace
}  // namespace studio::engine
