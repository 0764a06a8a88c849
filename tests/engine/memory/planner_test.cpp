#include "engine/memory/planner.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace studio::engine {
namespace {

ActivationProfile network(const std::string& name, const std::vector<std::int64_t>& weights,
                          const std::vector<std::int64_t>& activations) {
  ActivationProfile profile{name, {}, weights.size()};
  for (std::size_t i = 0; i < weights.size(); ++i)
    profile.blocks.push_back(
        {name + std::to_string(i), i, weights[i], 0, weights[i], activations[i], activations[i] / 2, 10});
  return profile;
}

/// Encode 10 + 2, denoise 100 + 20, decode 30 + 50.
std::vector<PhaseProfile> usual() {
  return {{Phase::Encode, {network("text_encoder", {5, 5}, {1, 2})}, 2},
          {Phase::Denoise, {network("unet", {40, 10, 30, 20}, {5, 20, 10, 5})}, 20},
          {Phase::Decode, {network("vae", {10, 20}, {10, 50})}, 1}};
}

MemoryPlan plan(std::int64_t budget, MemoryMode mode = MemoryMode::Automatic) {
  return planMemory(usual(), {budget}, mode);
}

std::int64_t peakOf(const MemoryPlan& plan, Phase phase) { return plan.phaseOf(phase)->peak().count; }

TEST(Planner, keepsEverythingButTextEncodersWhereThereIsRoom) {
  const MemoryPlan whole = plan(0);
  EXPECT_EQ(peakOf(whole, Phase::Encode), 10 + 2) << "nothing else is there yet";
  EXPECT_EQ(peakOf(whole, Phase::Denoise), 100 + 20);
  EXPECT_EQ(peakOf(whole, Phase::Decode), 30 + 50 + 100);
  for (const NetworkPlacement& placement : whole.networks) EXPECT_EQ(placement.streamed.count, 0);
  EXPECT_EQ(peakOf(plan(0, MemoryMode::HighVram), Phase::Denoise), 100 + 20 + 10);
}

TEST(Planner, countsWhatIsThereFromAnEarlierJobOrBatch) {
  const MemoryPlan later = planMemory(usual(), {0}, MemoryMode::Automatic, {"unet", "vae"});
  EXPECT_EQ(peakOf(later, Phase::Encode), 10 + 2 + 100 + 30);
  EXPECT_EQ(peakOf(later, Phase::Denoise), 100 + 20 + 30);
  auto batches = usual();
  batches[1].comesAgain = batches[2].comesAgain = true;
  EXPECT_EQ(peakOf(planMemory(batches, {0}, MemoryMode::Automatic), Phase::Denoise), 100 + 20 + 30);
}

TEST(Planner, sharesRoomBetweenTheNetworksOfOnePhase) {
  const std::vector<PhaseProfile> phases{
      {Phase::Encode, {network("text_encoder", {5, 5}, {1, 2}), network("text_encoder_2", {50, 10}, {3, 3})}, 1}};
  const MemoryPlan shared = planMemory(phases, {66}, MemoryMode::Automatic);
  EXPECT_TRUE(shared.fits());
  EXPECT_EQ(shared.placementOf("text_encoder_2")->resident.count, 50);
  EXPECT_EQ(shared.placementOf("text_encoder")->resident.count, 0);
}

TEST(Planner, letsNetworksLeaveBeforeItStreams) {
  const MemoryPlan tight = plan(130);
  EXPECT_EQ(tight.placementOf("unet")->streamed.count, 0);
  EXPECT_EQ(peakOf(tight, Phase::Denoise), 120) << "the VAE left";
  EXPECT_EQ(peakOf(tight, Phase::Decode), 80) << "the UNet left";
  EXPECT_TRUE(tight.fits());
}

TEST(Planner, streamsTheSmallBlocksAndKeepsTheLarge) {
  const MemoryPlan streamed = plan(100);
  EXPECT_EQ(streamed.placementOf("unet")->stays, (std::vector<bool>{true, false, true, false}));
  EXPECT_EQ(streamed.placementOf("unet")->streamed.count, 30);
  EXPECT_EQ(peakOf(streamed, Phase::Denoise), 70 + 10 + 20) << "what stays, and the second block with its activations";
  EXPECT_TRUE(streamed.fits());
}

TEST(Planner, saysWhenNothingFits) {
  const MemoryPlan least = plan(45);
  EXPECT_FALSE(least.fits());
  EXPECT_EQ(least.placementOf("unet")->resident.count, 0);
  EXPECT_EQ(peakOf(least, Phase::Decode), 20 + 50);
}

TEST(Planner, followsTheModeWithoutABudget) {
  EXPECT_EQ(peakOf(plan(0, MemoryMode::MediumVram), Phase::Decode), 80) << "one network at a time";
  EXPECT_EQ(plan(0, MemoryMode::MediumVram).placementOf("unet")->streamed.count, 0);
  const auto half = plan(0, MemoryMode::LowVram).placementOf("unet")->resident.count;
  EXPECT_GT(half, 25);
  EXPECT_LE(half, 50);
  const MemoryPlan streaming = plan(0, MemoryMode::Streaming);
  for (const NetworkPlacement& placement : streaming.networks) EXPECT_EQ(placement.resident.count, 0);
}

TEST(Planner, countsWhatWorksOnTheHostThere) {
  const MemoryPlan hybrid = plan(0, MemoryMode::Hybrid);
  EXPECT_EQ(hybrid.mode, MemoryMode::Hybrid);
  EXPECT_EQ(peakOf(hybrid, Phase::Encode), 0);
  EXPECT_EQ(hybrid.phaseOf(Phase::Encode)->host.count, 10 + 2);
  EXPECT_EQ(peakOf(hybrid, Phase::Denoise), 100 + 20);
  EXPECT_EQ(hybrid.phaseOf(Phase::Denoise)->host.count, 0) << "text encoders left, the VAE is not there yet";
  EXPECT_EQ(peakOf(hybrid, Phase::Decode), 100) << "the UNet stays";
  EXPECT_EQ(hybrid.phaseOf(Phase::Decode)->host.count, 30 + 50);
  EXPECT_EQ(hybrid.placementOf("vae")->place, WorkPlace::Host);
  EXPECT_EQ(hybrid.placementOf("unet")->place, WorkPlace::Device);
  const MemoryPlan cpu = plan(0, MemoryMode::Cpu);
  EXPECT_EQ(cpu.peak().count, 0);
  EXPECT_EQ(cpu.phaseOf(Phase::Decode)->host.count, 30 + 50 + 100);
  EXPECT_EQ(plan(0).hostPeak().count, 0);
}

TEST(Planner, keepsTheBudgetForTheDeviceAlone) {
  const MemoryPlan hybrid = plan(100, MemoryMode::Hybrid);
  EXPECT_TRUE(hybrid.fits());
  EXPECT_EQ(hybrid.placementOf("unet")->streamed.count, 30);
  EXPECT_EQ(hybrid.placementOf("vae")->streamed.count, 0);
  const MemoryPlan cpu = plan(1, MemoryMode::Cpu);
  EXPECT_TRUE(cpu.fits());
  for (const NetworkPlacement& placement : cpu.networks) EXPECT_EQ(placement.streamed.count, 0);
  const MemoryPlan streaming = planMemory(usual(), {45}, MemoryMode::Streaming, {}, HostShare::AllButDenoising);
  EXPECT_EQ(streaming.mode, MemoryMode::Hybrid);
  EXPECT_EQ(streaming.placementOf("unet")->resident.count, 0) << "the mode is the device's";
  EXPECT_EQ(peakOf(streaming, Phase::Decode), 0);
  EXPECT_TRUE(streaming.fits());
}

TEST(Planner, neverExceedsABudgetThatCanBeKept) {
  std::mt19937 random(3);  // NOLINT(cert-msc51-cpp): the same cases every time
  const auto some = [&random](int count, int most) {
    std::vector<std::int64_t> values;
    for (int i = 0; i < count; ++i) values.push_back(1 + static_cast<std::int64_t>(random() % most));
    return values;
  };
  for (int round = 0; round < 500; ++round) {
    const int blocks = 1 + static_cast<int>(random() % 12);
    const std::vector<PhaseProfile> phases{
        {Phase::Encode,
         {network("text_encoder", some(4, 50), some(4, 9)), network("text_encoder_2", some(3, 90), some(3, 9))},
         1},
        {Phase::Denoise, {network("unet", some(blocks, 100), some(blocks, 60))}, 20},
        {Phase::Decode, {network("vae", some(3, 20), some(3, 90))}, 1}};
    const std::int64_t least = planMemory(phases, {1}, MemoryMode::Automatic).peak().count;
    const std::int64_t whole = planMemory(phases, {0}, MemoryMode::Automatic).peak().count;
    std::int64_t before = 0;
    for (std::int64_t budget = least; budget <= whole + 10; budget += 1 + (whole - least) / 7) {
      const MemoryPlan found = planMemory(phases, {budget}, MemoryMode::Automatic);
      ASSERT_TRUE(found.fits()) << "budget " << budget << ", peak " << found.peak().count;
      const std::int64_t resident = found.placementOf("unet")->resident.count;
      ASSERT_GE(resident + 100, before) << "more room, much less kept";
      before = resident;
      ASSERT_EQ(found, planMemory(phases, {budget}, MemoryMode::Automatic));
    }
    EXPECT_EQ(planMemory(phases, {whole}, MemoryMode::Automatic).placementOf("unet")->streamed.count, 0);
  }
}

/// Decoding with 50 bytes of activations, in strips with 30 or 25, or in tiles with 5; what is asked for is noted.
std::vector<PhaseProfile> withWays(std::vector<std::string>& asked) {
  std::vector<PhaseProfile> phases = usual();
  const auto way = [&asked](DecodeMode mode, int size, std::int64_t activations) {
    return OtherWay{{mode, size}, [&asked, size, activations] {
                      asked.push_back(std::to_string(size));
                      return network("vae", {10, 20}, {5, activations});
                    }};
  };
  phases[2].otherWays = {way(DecodeMode::Strips, 64, 30), way(DecodeMode::Strips, 16, 25),
                         way(DecodeMode::Tiles, 48, 5)};
  return phases;
}

DecodeWay wayWithin(std::int64_t budget, MemoryMode mode = MemoryMode::Automatic) {
  std::vector<std::string> asked;
  return planMemory(withWays(asked), {budget}, mode).decode;
}

TEST(Planner, decodesWholeWhereThatLeavesTheOthersInPlace) {
  std::vector<std::string> asked;
  EXPECT_EQ(planMemory(withWays(asked), {180}, MemoryMode::Automatic).decode, DecodeWay{});
  EXPECT_EQ(planMemory(withWays(asked), {0}, MemoryMode::Automatic).decode, DecodeWay{});
  EXPECT_TRUE(asked.empty()) << "profiles nobody needs";
  EXPECT_EQ(wayWithin(80, MemoryMode::MediumVram), DecodeWay{}) << "nobody else stays in this mode";
}

TEST(Planner, decodesInStripsBeforeAnotherNetworkHasToLeave) {
  EXPECT_EQ(wayWithin(179), (DecodeWay{DecodeMode::Strips, 64}));
  EXPECT_EQ(wayWithin(159), (DecodeWay{DecodeMode::Strips, 16}));
  EXPECT_EQ(wayWithin(154), DecodeWay{}) << "it leaves anyway";
}

TEST(Planner, decodesInStripsBeforeTheVaeIsBroughtInPieceByPiece) {
  EXPECT_EQ(wayWithin(79), (DecodeWay{DecodeMode::Strips, 64}));
  EXPECT_EQ(wayWithin(59), (DecodeWay{DecodeMode::Strips, 16}));
  EXPECT_EQ(wayWithin(46), (DecodeWay{DecodeMode::Strips, 16})) << "with the second block brought in";
}

TEST(Planner, decodesInTilesOnlyWhereNothingElseFits) {
  EXPECT_EQ(wayWithin(44), (DecodeWay{DecodeMode::Tiles, 48}));
  std::vector<std::string> asked;
  const MemoryPlan none = planMemory(withWays(asked), {10}, MemoryMode::Automatic);
  EXPECT_EQ(none.decode.mode, DecodeMode::Tiles) << "the smallest there is";
  EXPECT_FALSE(none.fits());
}

TEST(Planner, neverExceedsABudgetThatADecodeWayCanKeep) {
  for (std::int64_t budget = 26; budget < 200; ++budget) {
    std::vector<std::string> asked;
    const MemoryPlan found = planMemory(withWays(asked), {budget}, MemoryMode::Automatic);
    EXPECT_LE(peakOf(found, Phase::Decode), budget);
    EXPECT_EQ(found, planMemory(withWays(asked), {budget}, MemoryMode::Automatic));
  }
}

TEST(Planner, countsABlockThatRunsTwiceOnce) {
  ActivationProfile profile = network("text_encoder", {5, 7}, {1, 1});
  profile.blocks.push_back(profile.blocks.front());
  EXPECT_EQ(profile.weightBytes(), 12);
  EXPECT_EQ(planMemory({{Phase::Encode, {profile}, 1}}, {0}, MemoryMode::Automatic).peak().count, 13);
}

}  // namespace
}  // namespace studio::engine
