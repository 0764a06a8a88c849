#include "app/commands/human_text.h"
#include "app/commands/lora_argument.h"
#include "tests/app/command_fixture.h"

namespace studio::app {
namespace {

class LoraArgumentTest : public CommandTest {};

TEST_F(LoraArgumentTest, takesTheWeightBehindTheLastColon) {
  using engine::LoraUse;
  EXPECT_EQ(loraFromArgument("water"), (LoraUse{"water", 1}));
  EXPECT_EQ(loraFromArgument("water:0.75"), (LoraUse{"water", 0.75}));
  EXPECT_EQ(loraFromArgument("water:-2"), (LoraUse{"water", -2}));
  EXPECT_EQ(loraFromArgument("water:+1"), (LoraUse{"water", 1}));
  EXPECT_EQ(loraFromArgument("/a:b/water.safetensors"), (LoraUse{"/a:b/water.safetensors", 1}));
  EXPECT_EQ(loraFromArgument("/a:b/water.safetensors:.5"), (LoraUse{"/a:b/water.safetensors", 0.5}));
}

TEST_F(LoraArgumentTest, leavesTheColonToAFileThatHasOne) {
  const auto odd = addFile("odd:1");
  EXPECT_EQ(loraFromArgument(odd.string()), (engine::LoraUse{odd, 1}));
  EXPECT_EQ(loraFromArgument(odd.string() + ":2"), (engine::LoraUse{odd, 2}));
}

TEST_F(LoraArgumentTest, refusesWeightsThatAreNone) {
  for (const char* text : {"", ":1", "water:", "water:1e999", "water:--1", "water:1,5"}) {
    EXPECT_THROW(loraFromArgument(text), engine::EngineException) << text;
  }
}

TEST_F(LoraArgumentTest, looksUpBareNamesOnly) {
  const auto lora = addFile("deep/Water.safetensors");
  EXPECT_EQ(findLora("water", {folder}), lora);
  EXPECT_EQ(findLora("Water.safetensors", {folder}), lora);
  EXPECT_EQ(findLora(lora, {}), lora);
  EXPECT_THROW(findLora("elsewhere/water", {folder}), engine::EngineException);
  EXPECT_THROW(findLora("fire", {folder}), engine::EngineException);
}

TEST(HumanText, writesSizesCountsAndTimes) {
  EXPECT_EQ(bytesText({17}), "17 bytes");
  EXPECT_EQ(bytesText({1536}), "1.50 KiB");
  EXPECT_EQ(bytesText({2132696762}), "1.99 GiB");
  EXPECT_EQ(bytesText({512LL << 40}), "512 TiB");
  EXPECT_EQ(countText(0), "0");
  EXPECT_EQ(countText(859520964), "859,520,964");
  EXPECT_EQ(countText(-123), "-123");
  EXPECT_EQ(countText(-1234), "-1,234");
  EXPECT_EQ(secondsText(0.844), "0.84 s");
  EXPECT_EQ(secondsText(12.34), "12.3 s");
  EXPECT_EQ(secondsText(245), "4 min 05 s");
}

TEST(HumanText, keepsEscapeSequencesOffTheTerminal) { EXPECT_EQ(printable("a\x1B[31m\nb\t桜"), "a?[31m\nb\t桜"); }

TEST(HumanText, alignsColumnsByCharactersNotBytes) {
  EXPECT_EQ(alignedRows({{"桜", "1"}, {"ab", "2\n3"}}), "桜   1\nab  2\n    3\n");
  EXPECT_EQ(alignedTable({{"a", "b"}, {"long", ""}}), "a     b\nlong\n");
}

}  // namespace
}  // namespace studio::app
