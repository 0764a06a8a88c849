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

}  // namespace
}  // namespace studio::engine
