#include "engine/text/tokens/known_embeddings.h"

#include "engine/text/tokens/clip_token_counter.h"
#include "engine/text/tokens/prompt_chunks.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>

namespace studio::engine {
namespace {

const std::vector<EmbeddingName> kNames{
    {"easynegative", 8}, {"easy", 2}, {"bad-hands-5", 5}, {"none", 0}, {"vast", 76}};

std::vector<PromptChunk> chunksOf(std::string_view prompt) {
  const ClipTokenizer tokenizer;
  return chunkPrompt(tokenizer, parsePrompt(prompt), kClipEndToken, KnownEmbeddings(tokenizer, kNames));
}

std::string repeated(std::string_view word, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text += word;
  return text;
}

TEST(KnownEmbeddings, giveTheirPlacesAndWeights) {
  const std::vector<PromptChunk> chunks = chunksOf("a cat, (EasyNegative:1.3), bad-hands-5 dog");
  ASSERT_EQ(chunks.size(), 1u);
  const PromptChunk& chunk = chunks.front();
  EXPECT_EQ(chunk.embeddings, (std::vector<EmbeddingSlot>{{4, 8, 0}, {13, 5, 2}}));
  EXPECT_EQ(chunk.tokens, 18) << "a, cat, comma, 8 vectors, comma, 5 vectors, dog";
  for (int i = 4; i < 12; ++i) {
    EXPECT_EQ(chunk.ids[i], kEmbeddingPlaceholder);
    EXPECT_FLOAT_EQ(chunk.weights[i], 1.3F);
  }
  EXPECT_EQ(chunk.ids[12], kClipCommaToken);
  EXPECT_FLOAT_EQ(chunk.weights[13], 1);
}

TEST(KnownEmbeddings, areFoundByTheLongestNameAndAsWholeWordsOnly) {
  EXPECT_EQ(chunksOf("easy negative").front().embeddings, (std::vector<EmbeddingSlot>{{1, 2, 1}}));
  EXPECT_TRUE(chunksOf("easyish").front().embeddings.empty());
  EXPECT_TRUE(chunksOf("bad-hands").front().embeddings.empty()) << "a part of the name";
}

TEST(KnownEmbeddings, withoutOrWithTooManyVectorsAreWords) {
  EXPECT_TRUE(chunksOf("none").front().embeddings.empty());
  EXPECT_TRUE(chunksOf("vast").front().embeddings.empty());
}

TEST(KnownEmbeddings, beginTheNextChunkWhenTheyDoNotFit) {
  const std::vector<PromptChunk> chunks = chunksOf(repeated("a ", 70) + "easynegative b");
  ASSERT_EQ(chunks.size(), 2u);
  EXPECT_EQ(chunks[0].tokens, 70);
  EXPECT_EQ(chunks[1].embeddings, (std::vector<EmbeddingSlot>{{1, 8, 0}}));
  EXPECT_EQ(chunks[1].promptOffset, 140u);
  EXPECT_EQ(chunksOf(repeated("a ", 67) + "easynegative").size(), 1u) << "exactly full";
}

TEST(KnownEmbeddings, moveBehindACommaWithTheirChunk) {
  const std::vector<PromptChunk> chunks = chunksOf(repeated("a ", 62) + ", easynegative" + repeated(" b", 10));
  ASSERT_EQ(chunks.size(), 2u);
  EXPECT_EQ(chunks[0].tokens, 63);
  EXPECT_TRUE(chunks[0].embeddings.empty());
  EXPECT_EQ(chunks[1].embeddings, (std::vector<EmbeddingSlot>{{1, 8, 0}}));
  EXPECT_EQ(chunks[1].tokens, 18);
}

TEST(KnownEmbeddings, areCountedByTheTokenCounterWhileThreadsCount) {
  ClipTokenCounter counter;
  const int words = counter.count("easynegative").tokens;
  std::jthread other([&counter] {
    for (int i = 0; i < 100; ++i) EXPECT_GT(counter.count("easynegative").tokens, 0);
  });
  counter.setEmbeddings(kNames);
  EXPECT_NE(words, 8);
  EXPECT_EQ(counter.count("easynegative").tokens, 8);
  counter.setEmbeddings({});
  EXPECT_EQ(counter.count("easynegative").tokens, words);
}

}  // namespace
}  // namespace studio::engine
