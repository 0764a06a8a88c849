#include "engine/text/tokens/prompt_chunks.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

namespace studio::engine {
namespace {

std::vector<PromptChunk> chunksOf(std::string_view prompt, TokenId padding = kClipEndToken) {
  return chunkPrompt(ClipTokenizer(), parsePrompt(prompt), padding);
}

void expectChunk(const PromptChunk& chunk, const nlohmann::json& expected, const std::string& prompt) {
  ASSERT_EQ(static_cast<std::size_t>(chunk.tokens), expected["ids"].size()) << prompt;
  EXPECT_EQ(chunk.ids[0], kClipStartToken);
  EXPECT_EQ(chunk.weights[0], 1);
  for (int i = 0; i < chunk.tokens; ++i) {
    EXPECT_EQ(chunk.ids[i + 1], expected["ids"][i].get<TokenId>()) << prompt << " token " << i;
    EXPECT_NEAR(chunk.weights[i + 1], expected["weights"][i].get<float>(), 1e-5) << prompt << " token " << i;
  }
  for (int i = chunk.tokens + 1; i < kChunkLength; ++i) {
    EXPECT_EQ(chunk.ids[i], kClipEndToken) << prompt;
    EXPECT_EQ(chunk.weights[i], 1) << prompt;
  }
}

TEST(PromptChunks, areCutAsTheReferenceCuts) {
  const auto goldens = nlohmann::json::parse(std::ifstream("tests/data/prompt_chunks.json"));
  ASSERT_GT(goldens.size(), 50u);
  for (const auto& golden : goldens) {
    const auto prompt = golden["prompt"].get<std::string>();
    const std::vector<PromptChunk> chunks = chunksOf(prompt);
    ASSERT_EQ(chunks.size(), golden["chunks"].size()) << prompt;
    for (std::size_t i = 0; i < chunks.size(); ++i) expectChunk(chunks[i], golden["chunks"][i], prompt);
  }
}

TEST(PromptChunks, areFilledUpWithTheGivenPadding) {
  const PromptChunk chunk = chunksOf("cat", 0).front();
  EXPECT_EQ(chunk.ids[2], kClipEndToken) << "the end itself is no padding";
  EXPECT_EQ(chunk.ids[3], 0);
  EXPECT_EQ(chunk.ids.back(), 0);
}

TEST(PromptChunks, canBeMadeEquallyMany) {
  std::vector<PromptChunk> chunks = chunksOf("cat");
  padChunks(chunks, 3);
  ASSERT_EQ(chunks.size(), 3u);
  EXPECT_EQ(chunks[2].ids, chunksOf("").front().ids);
  padChunks(chunks, 1);
  EXPECT_EQ(chunks.size(), 3u) << "none is taken away";
}

TEST(PromptChunks, tellWhetherAnyTokenHasAWeight) {
  EXPECT_FALSE(hasWeights(chunksOf("a cat and (a dog:1.0)")));
  EXPECT_TRUE(hasWeights(chunksOf("a cat and (a dog:1.01)")));
}

}  // namespace
}  // namespace studio::engine
