#include "engine/text/tokens/clip_tokenizer.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace studio::engine {
namespace {

std::vector<TokenId> idsOf(std::string_view text) {
  std::vector<TokenId> ids;
  for (const Token& token : ClipTokenizer().encode(text)) ids.push_back(token.id);
  return ids;
}

TEST(ClipTokenizer, givesTheIdsOfTheReferenceTokenizer) {
  const auto goldens = nlohmann::json::parse(std::ifstream("tests/data/clip_tokens.json"));
  ASSERT_GT(goldens.size(), 50u);
  for (const auto& golden : goldens) {
    EXPECT_EQ(idsOf(golden["text"].get<std::string>()), golden["ids"].get<std::vector<TokenId>>()) << golden["text"];
  }
}

TEST(ClipTokenizer, readsEachBrokenPieceOfUtf8AsOneReplacementCharacter) {
  EXPECT_EQ(idsOf("a\x80z"), idsOf("a\uFFFDz"));
  EXPECT_EQ(idsOf("\xE3\x81"), idsOf("\uFFFD"));
  EXPECT_EQ(idsOf("\xF0\x9F\x98x"), idsOf("\uFFFDx"));
  EXPECT_EQ(idsOf("\xED\xA0\x80"), idsOf("\uFFFD\uFFFD\uFFFD")) << "a surrogate is three broken bytes";
  EXPECT_NE(idsOf("\uFFFD"), idsOf("\uFFFD\uFFFD"));
}

TEST(ClipTokenizer, tellsWhereInTheTextEachWordBegins) {
  const std::string text = "Cat,  猫<|endoftext|>e\xCC\x81t\xC3\xA9";
  std::vector<std::size_t> offsets;
  for (const Token& token : ClipTokenizer().encode(text)) offsets.push_back(token.offset);
  ASSERT_FALSE(offsets.empty());
  EXPECT_EQ(offsets.front(), 0u);
  EXPECT_EQ(offsets[1], text.find(','));
  EXPECT_EQ(offsets[2], text.find("猫"));
  EXPECT_EQ(offsets.back(), text.find('e', text.find('>')))
      << "a word that composes keeps the place of its first letter";
}

TEST(ClipTokenizer, knowsTheNamedTokens) {
  EXPECT_TRUE(ClipTokenizer().encode("").empty());
  EXPECT_EQ(idsOf(","), std::vector{kClipCommaToken});
  EXPECT_EQ(idsOf("<|startoftext|>"), std::vector{kClipStartToken});
  EXPECT_EQ(idsOf("<|endoftext|>"), std::vector{kClipEndToken});
}

/// Quadratic work on a word of a megabyte would be 10^12 steps and run into the test's time limit.
TEST(ClipTokenizer, staysQuickOnAWordOfAMegabyte) {
  const std::string word(1 << 20, 'a');
  EXPECT_GT(ClipTokenizer().encode(word).size(), word.size() / 64);
  std::string marks = "e";
  for (int i = 0; i < (1 << 18); ++i) marks += i % 2 ? "\u0301" : "\u0323";
  EXPECT_GT(ClipTokenizer().encode(marks).size(), marks.size() / 64);
}

}  // namespace
}  // namespace studio::engine
