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
  const auto time = [](double likely, double low, double high) {
    return engine::PredictedTime{engine::Seconds(likely), engine::Seconds(low), engine::Seconds(high)};
  };
  EXPECT_EQ(timeText(time(40.4, 30, 60)), "about 40 s (30 to 60 s)");
  EXPECT_EQ(timeText(time(1.23, 0.9, 1.5)), "about 1.2 s (0.9 to 1.5 s)");
  EXPECT_EQ(timeText(time(0.23, 0.1, 0.5)), "less than a second");
  EXPECT_EQ(timeText(time(119, 90, 183)), "about 120 s (90 to 180 s)");
  EXPECT_EQ(timeText(time(745, 540, 1080)), "about 12 min (9.0 to 18 min)");
  EXPECT_EQ(timeText(time(9000, 7200, 14400)), "about 2.5 h (2.0 to 4.0 h)");
  EXPECT_EQ(timeText(std::nullopt), "not known yet");
}

TEST(HumanText, keepsEscapeSequencesOffTheTerminal) { EXPECT_EQ(printable("a\x1B[31m\nb\t桜"), "a?[31m\nb\t桜"); }

TEST(HumanText, alignsColumnsByCharactersNotBytes) {
  EXPECT_EQ(alignedRows({{"桜", "1"}, {"ab", "2\n3"}}), "桜   1\nab  2\n    3\n");
  EXPECT_EQ(alignedTable({{"a", "b"}, {"long", ""}}), "a     b\nlong\n");
}

}  // namespace
}  // namespace studio::app
