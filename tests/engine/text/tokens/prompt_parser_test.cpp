#include "engine/text/tokens/prompt_parser.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

namespace studio::engine {
namespace {

std::string textOf(const ParsedPrompt& prompt) {
  std::string text;
  for (const WeightedText& part : prompt.parts) text += part.text;
  return text;
}

TEST(PromptParser, readsWeightsAsTheReferenceDoes) {
  const auto goldens = nlohmann::json::parse(std::ifstream("tests/data/prompt_chunks.json"));
  ASSERT_GT(goldens.size(), 50u);
  for (const auto& golden : goldens) {
    const ParsedPrompt parsed = parsePrompt(golden["prompt"].get<std::string>());
    ASSERT_EQ(parsed.parts.size(), golden["parts"].size()) << golden["prompt"];
    for (std::size_t i = 0; i < parsed.parts.size(); ++i) {
      const auto& expected = golden["parts"][i];
      EXPECT_EQ(parsed.parts[i].text, expected[0].get<std::string>()) << golden["prompt"];
      EXPECT_EQ(parsed.parts[i].chunkBreak, expected[1].is_null()) << golden["prompt"];
      const float weight = expected[1].is_null() ? 1 : expected[1].get<float>();
      EXPECT_FLOAT_EQ(parsed.parts[i].weight, weight) << golden["prompt"];
    }
  }
}

TEST(PromptParser, readsRanksAndBlockWeightsOfLoraTags) {
  const auto parsed = parsePrompt("<lora:a:1:0.5:8><lora:b:dyn=4:lbw=1,0,0.5><lora:c:0.5:lbw=MIDD>");
  const std::vector<LoraTag> expected{{"a", 1, 0.5, 8, ""}, {"b", 1, 1, 4, "1,0,0.5"}, {"c", 0.5, 0.5, 0, "MIDD"}};
  EXPECT_EQ(parsed.loras, expected);
}

TEST(PromptParser, takesLoraTagsOutOfTheText) {
  const ParsedPrompt parsed = parsePrompt("a <lora:film look:0.7>cat<lora:b><lora:c:1:0.5><lora:d:te=0.2:unet=-1>");
  EXPECT_EQ(textOf(parsed), "a cat");
  const std::vector<LoraTag> expected{{"film look", 0.7, 0.7}, {"b", 1, 1}, {"c", 1, 0.5}, {"d", 0.2, -1}};
  EXPECT_EQ(parsed.loras, expected);
  EXPECT_TRUE(parsed.unknownTags.empty());
}

TEST(PromptParser, namesTagsItCannotUse) {
  const ParsedPrompt parsed = parsePrompt("<hypernet:x:1><lora:y:heavy><lora::1>cat");
  EXPECT_EQ(textOf(parsed), "cat");
  EXPECT_TRUE(parsed.loras.empty());
  EXPECT_EQ(parsed.unknownTags, (std::vector<std::string>{"<hypernet:x:1>", "<lora:y:heavy>", "<lora::1>"}));
}

TEST(PromptParser, leavesAngleBracketsThatAreNoTagAlone) {
  for (const std::string text : {"a < b > c", "<3", "<lora>", "<lora:>", "<:x>", "<lora:x", "x > <lora:y"}) {
    EXPECT_EQ(textOf(parsePrompt(text)), text);
  }
}

TEST(PromptParser, breaksChunksInsideBracketsToo) {
  const ParsedPrompt parsed = parsePrompt("(a BREAK b:1.5)");
  ASSERT_EQ(parsed.parts.size(), 3u);
  EXPECT_TRUE(parsed.parts[1].chunkBreak);
  EXPECT_FLOAT_EQ(parsed.parts[2].weight, 1.5f);
}

TEST(PromptParser, leadsEveryByteBackToThePrompt) {
  const std::string prompt = "(red\\) <lora:x:1>cat:1.2), [blue] <a:b>dog";
  const ParsedPrompt parsed = parsePrompt(prompt);
  EXPECT_EQ(parsed.parts[0].text, "red) cat");
  for (const WeightedText& part : parsed.parts) {
    for (std::size_t i = 0; i < part.text.size(); ++i) EXPECT_EQ(part.text[i], prompt.at(part.promptOffset(i)));
  }
}

TEST(PromptParser, readsBracketsBeyondTheDeepestNestingAsText) {
  const ParsedPrompt parsed = parsePrompt(std::string(100000, '(') + "cat" + std::string(100000, ')'));
  EXPECT_EQ(textOf(parsed).size(), 3 + 2 * (100000 - kDeepestNesting));
}

TEST(PromptParser, keepsWeightsFiniteAndBounded) {
  const std::string prompt = std::string(60, '(') + "cat" + [] {
    std::string closing;
    for (int i = 0; i < 60; ++i) closing += i % 2 ? ":-99999999999)" : ":99999)";
    return closing;
  }();
  for (const WeightedText& part : parsePrompt(prompt).parts) EXPECT_LE(std::abs(part.weight), kLargestWeight);
  EXPECT_FLOAT_EQ(parsePrompt("(cat:" + std::string(400, '9') + ")").parts[0].weight, 1.1f)
      << "no number: only a bracket";
  EXPECT_FLOAT_EQ(parsePrompt("(cat:1.2.3)").parts[0].weight, 1.1f);
}

}  // namespace
}  // namespace studio::engine
