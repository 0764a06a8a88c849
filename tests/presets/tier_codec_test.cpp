#include "presets/tier_codec.h"

#include "presets/tier_catalog.h"

#include <gtest/gtest.h>

namespace studio::presets {
namespace {

constexpr const char* kGood = R"(version = 1
title = "Mine"
meant_for = "one card"
machine = { gpu = true, from_gib = 5, below_gib = 9 }
start = { batch = [1, 2], side = [512, 1024], staged = true, steps = [20, 30], loras = [0, 2] }
memory = [{ below_gib = 6, mode = "lowvram" }, { mode = "auto" }]
)";

std::string with(std::string text, const std::string& what, const std::string& instead) {
  const std::size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), instead);
}

std::string refusalOf(const std::string& text) {
  const auto tier = tierFromToml(text, "mine");
  return tier ? "accepted" : tier.error().message;
}

TEST(TierCodec, readsEveryValue) {
  const auto read = tierFromToml(kGood, "mine");
  ASSERT_TRUE(read) << read.error().message;
  const Tier expected{.id = "mine",
                      .title = "Mine",
                      .meantFor = "one card",
                      .gpu = true,
                      .fromGib = 5,
                      .belowGib = 9,
                      .batch = {1, 2},
                      .side = {512, 1024},
                      .steps = {20, 30},
                      .loras = {0, 2},
                      .staged = true,
                      .memory = {{6, engine::MemoryMode::LowVram}, {0, engine::MemoryMode::Automatic}}};
  EXPECT_EQ(read.value(), expected);
}

TEST(TierCodec, writesWhatItReadsBack) {
  for (const Tier& tier : builtInTiers()) {
    const auto again = tierFromToml(tomlOf(tier), tier.id);
    ASSERT_TRUE(again) << tier.id << ": " << again.error().message;
    EXPECT_EQ(again.value(), tier);
  }
}

TEST(TierCodec, saysWhatIsWrongAndWhere) {
  EXPECT_EQ(refusalOf("version = = 1"), "The tier is no TOML: line 1.");
  EXPECT_EQ(refusalOf(with(kGood, "version = 1", "version = 2")), "The tier is of version 2; this studio knows 1.");
  EXPECT_EQ(refusalOf(with(kGood, "title = \"Mine\"\n", "")), "The tier's value title is missing.");
  EXPECT_EQ(refusalOf(with(kGood, "staged", "stages")), "The tier has an unknown value start.stages in line 5.");
  EXPECT_EQ(refusalOf(with(kGood, "[20, 30]", "[30, 20]")),
            "The tier's value start.steps in line 5 is not one the studio can use.");
  EXPECT_EQ(refusalOf(std::string(70'000, '#')), "The tier has 70000 bytes; at most 65536 are possible.");
}

TEST(TierCodec, refusesWhatTheStudioCannotDo) {
  for (const auto& [what, instead] : std::initializer_list<std::pair<const char*, const char*>>{
           {"version = 1", "version = 0"},
           {"version = 1", "version = \"1\""},
           {"\"Mine\"", "\"\""},
           {"\"Mine\"", "7"},
           {"gpu = true", "gpu = 1"},
           {"from_gib = 5", "from_gib = -1"},
           {"below_gib = 9", "below_gib = 5"},
           {"[1, 2]", "[0, 2]"},
           {"[1, 2]", "[1, 2, 3]"},
           {"[1, 2]", "[1, 1000]"},
           {"[1, 2]", "2"},
           {"[512, 1024]", "[512, 100000]"},
           {"[20, 30]", "[20.5, 30]"},
           {"[0, 2]", "[0, \"2\"]"},
           {"true, steps", "\"yes\", steps"},
           {"\"lowvram\"", "\"morevram\""},
           {"below_gib = 6", "below_gib = 0"},
           {"{ mode = \"auto\" }", "{ below_gib = 7, mode = \"auto\" }"},
           {"{ mode = \"auto\" }", "7"},
           {"memory = [{ below_gib = 6, mode = \"lowvram\" }, { mode = \"auto\" }]", "memory = []"},
           {"machine = {", "machine = [1] #"},
       })
    EXPECT_NE(refusalOf(with(kGood, what, instead)), "accepted") << what << " -> " << instead;
  EXPECT_NE(refusalOf(std::string(60'000, '[')), "accepted");
  EXPECT_NE(refusalOf("version = 1\n" + std::string(30'000, '\0')), "accepted");
}

}  // namespace
}  // namespace studio::presets
