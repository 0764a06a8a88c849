#include "engine/text/tokens/comfyui_weights.h"

#include "engine/text/tokens/prompt_chunks.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

namespace studio::engine {
namespace {

TEST(ComfyUiWindows, areThoseOfItsRule) {
  const auto goldens = nlohmann::json::parse(std::ifstream("tests/data/profiles.json"))["comfy_windows"];
  ASSERT_GT(goldens.size(), 15U);
  for (const auto& golden : goldens) {
    const auto prompt = golden["prompt"].get<std::string>();
    const auto chunks =
        chunkText(ClipTokenizer(), parseComfyUiWeights(SourceText::of(prompt)), kClipEndToken, {}, ChunkRule::Words);
    ASSERT_EQ(chunks.size(), golden["windows"].size()) << prompt;
    for (std::size_t i = 0; i < chunks.size(); ++i) {
      const auto& window = golden["windows"][i];
      ASSERT_EQ(static_cast<std::size_t>(chunks[i].tokens), window["ids"].size()) << prompt << " window " << i;
      for (int at = 0; at < chunks[i].tokens; ++at) {
        EXPECT_EQ(chunks[i].ids[at + 1], window["ids"][at].get<TokenId>()) << prompt << " token " << at;
        EXPECT_NEAR(chunks[i].weights[at + 1], window["weights"][at].get<float>(), 1e-5) << prompt << " token " << at;
      }
    }
  }
}

TEST(ComfyUiWeights, knowWhereEachByteStood) {
  const auto parts = parseComfyUiWeights(SourceText::of("a \\(b\\) (c:2)"));
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts[0].text, "a (b) ");
  EXPECT_EQ(parts[0].promptOffset(2), 3U) << "the bracket behind its backslash";
  EXPECT_EQ(parts[1].text, "c");
  EXPECT_EQ(parts[1].promptOffset(0), 9U);
}

TEST(ComfyUiWeights, takeAnyDepthOfBracketsAndAnyNumber) {
  const std::string deep = std::string(5000, '(') + "x" + std::string(5000, ')');
  EXPECT_EQ(parseComfyUiWeights(SourceText::of(deep)).size(), 1U);
  EXPECT_EQ(parseComfyUiWeights(SourceText::of("(a:1e30)"))[0].weight, kLargestWeight);
  EXPECT_EQ(parseComfyUiWeights(SourceText::of("(a:nan)"))[0].text, "a:nan");
  EXPECT_EQ(parseComfyUiWeights(SourceText::of("")).size(), 1U);
}

TEST(PromptChunks, canBeCutWithoutLookingForCommas) {
  std::string prompt;
  for (int i = 0; i < 36; ++i) prompt += "a, ";
  prompt += "b c d e f";
  std::vector<PromptChunk> chunks =
      chunkText(ClipTokenizer(), {{SourceText::of(prompt), 1, false}}, kClipEndToken, {}, ChunkRule::FirstOnly);
  ASSERT_EQ(chunks.size(), 2U);
  EXPECT_EQ(chunks[0].tokens, 75) << "72 up to the last comma, and three words";
  EXPECT_EQ(keepFirst(chunks), 2);
  EXPECT_EQ(chunks.size(), 1U);
}

}  // namespace
}  // namespace studio::engine
