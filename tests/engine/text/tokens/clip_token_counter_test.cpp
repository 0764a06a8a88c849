#include "engine/text/tokens/clip_token_counter.h"

#include <gtest/gtest.h>

#include <string>

namespace studio::engine {
namespace {

TEST(ClipTokenCounter, doesNotCountSyntax) {
  const ClipTokenCounter counter;
  EXPECT_EQ(counter.count("").tokens, 0);
  EXPECT_EQ(counter.count("").chunks, 1);
  EXPECT_EQ(counter.count("a cat").tokens, 2);
  EXPECT_EQ(counter.count("a (cat:1.3)<lora:x:1>").tokens, 2);
}

TEST(ClipTokenCounter, tellsWhereEachFurtherChunkBegins) {
  const std::string first = "one, two BREAK  (three:1.2)";
  const TokenCount count = ClipTokenCounter().count(first);
  EXPECT_EQ(count.chunks, 2);
  EXPECT_EQ(count.inLastChunk, 1);
  EXPECT_EQ(count.tokens, 4);
  EXPECT_EQ(count.borders, std::vector{first.find("three")});
}

TEST(ClipTokenCounter, countsATokenMovedToTheNextChunkOnce) {
  std::string prompt;
  for (int i = 0; i < 70; ++i) prompt += "a ";
  const std::size_t border = prompt.size() + 2;
  prompt += ", b b b b b b";
  const TokenCount count = ClipTokenCounter().count(prompt);
  EXPECT_EQ(count.tokens, 77);
  EXPECT_EQ(count.chunks, 2);
  EXPECT_EQ(count.inLastChunk, 6);
  EXPECT_EQ(count.borders, std::vector{border});
}

TEST(ClipTokenCounter, countsTheLongestTextOfAPromptThatChanges) {
  const ClipTokenCounter counter;
  EXPECT_EQ(counter.count("[a cat:a small brown dog:0.5] here").tokens, 5);
  EXPECT_EQ(counter.count("a cat AND a small brown dog :0.5").tokens, 4);
  EXPECT_EQ(counter.count("[cat|small dog]").tokens, 2);
  const std::string prompt = "cat AND small BREAK dog";
  EXPECT_EQ(counter.count(prompt).borders, std::vector{prompt.find("dog")});
}

TEST(ClipTokenCounter, takesAndAsAWordOfNegativePrompts) {
  const ClipTokenCounter counter;
  EXPECT_EQ(counter.count("a cat AND a small dog", PromptSide::Prompt).tokens, 3);
  EXPECT_EQ(counter.count("a cat AND a small dog", PromptSide::Negative).tokens, 6);
}

TEST(ClipTokenCounter, countsPromptsTheEngineRefuses) {
  std::string prompt = "cat";
  for (int i = 0; i < 100; ++i) prompt += " AND cat";
  EXPECT_EQ(ClipTokenCounter().count(prompt).tokens, 201);
}

}  // namespace
}  // namespace studio::engine
