#include "presets/tier_catalog.h"

#include "presets/tier_codec.h"
#include "tests/support/safetensors_writer.h"

#include <gtest/gtest.h>

namespace studio::presets {
namespace {

using engine::MemoryMode;

TEST(TierCatalog, comesWithFourTiers) {
  const TierCatalog catalog;
  std::vector<std::string> ids;
  for (const Tier& tier : catalog.tiers()) ids.push_back(tier.id);
  EXPECT_EQ(ids, (std::vector<std::string>{"cpu", "entry", "mid", "high"}));
  const Tier& entry = *catalog.find("entry");
  EXPECT_EQ(entry.steps, (Band{20, 30}));
  EXPECT_EQ(entry.batch, (Band{1, 1}));
  EXPECT_EQ(entry.memoryModeFor(4), MemoryMode::LowVram);
  EXPECT_EQ(entry.memoryModeFor(6), MemoryMode::MediumVram);
  EXPECT_EQ(catalog.find("high")->memoryModeFor(24), MemoryMode::HighVram);
  EXPECT_EQ(catalog.find("huge"), nullptr);
}

TEST(TierCatalog, findsTheTierOfEveryMachine) {
  const TierCatalog catalog;
  EXPECT_EQ(catalog.tierFor(false, 0).id, "cpu");
  for (const auto& [gib, id] : std::initializer_list<std::pair<int, const char*>>{
           {0, "entry"}, {4, "entry"}, {6, "entry"}, {7, "mid"}, {12, "mid"}, {13, "mid"}, {14, "high"}, {80, "high"}})
    EXPECT_EQ(catalog.tierFor(true, gib).id, id) << gib;
}

/// What more memory gives is never less.
TEST(TierCatalog, growsWithTheMachine) {
  const TierCatalog catalog;
  for (int gib = 1; gib < 100; ++gib) {
    const Tier &less = catalog.tierFor(true, gib - 1), &more = catalog.tierFor(true, gib);
    EXPECT_GE(more.side.high, less.side.high) << gib;
    EXPECT_GE(more.batch.high, less.batch.high) << gib;
    EXPECT_GE(more.steps.high, less.steps.high) << gib;
  }
}

TEST(TierCatalog, roundsWhatACardReportsUp) {
  EXPECT_EQ(nominalGib({8585740288}), 8);
  EXPECT_EQ(nominalGib({6225002496}), 6);
  EXPECT_EQ(nominalGib({std::int64_t{24} << 30}), 24);
  EXPECT_EQ(nominalGib({0}), 0);
  EXPECT_EQ(nominalGib({-5}), 0);
}

class TierFiles : public testing::Test {
 protected:
  void write(const std::string& name, const std::string& text) { studio::tests::writeBytes(folder_ / name, text); }
  const studio::tests::TemporaryFolder folder_;
};

TEST_F(TierFiles, standInThePlaceOfBuiltInOnesOfTheirName) {
  Tier mid = *TierCatalog().find("mid");
  mid.steps = {12, 15};
  write("mid.toml", tomlOf(mid));
  const TierCatalog catalog(folder_.path());
  EXPECT_EQ(catalog.tiers().size(), 4U);
  EXPECT_EQ(catalog.tierFor(true, 8).steps, (Band{12, 15}));
  EXPECT_EQ(TierCatalog().tierFor(true, 8).steps, (Band{30, 50}));
}

TEST_F(TierFiles, ofPeopleComeBeforeBuiltInOnes) {
  Tier mine = *TierCatalog().find("mid");
  mine.fromGib = 11, mine.belowGib = 13;
  write("mine.toml", tomlOf(mine));
  const TierCatalog catalog(folder_.path());
  EXPECT_EQ(catalog.tierFor(true, 12).id, "mine");
  EXPECT_EQ(catalog.tierFor(true, 10).id, "mid");
}

TEST_F(TierFiles, thatAreBrokenAreNamedAndLeaveTheOthers) {
  write("bad.toml", "steps = 3");
  write("large.toml", std::string(1 << 20, '#'));
  write("notes.txt", "not asked for");
  std::filesystem::create_directory(folder_ / "folder.toml");
  const TierCatalog catalog(folder_.path());
  ASSERT_EQ(catalog.broken().size(), 2U);
  EXPECT_EQ(catalog.broken()[0].file.filename(), "bad.toml");
  EXPECT_EQ(catalog.tiers().size(), 4U);
  EXPECT_TRUE(TierCatalog(folder_ / "nowhere").broken().empty());
}

TEST_F(TierFiles, mayLeaveNoTierForAMachine) {
  for (const char* id : {"entry", "mid", "high"}) {
    Tier tier = *TierCatalog().find(id);
    tier.fromGib = 200, tier.belowGib = 0;
    write(std::string(id) + ".toml", tomlOf(tier));
  }
  EXPECT_EQ(TierCatalog(folder_.path()).tierFor(true, 8).id, "cpu") << "what is right for every machine";
}

}  // namespace
}  // namespace studio::presets
