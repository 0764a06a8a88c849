#include "engine/api/text_diff.h"

#include <gtest/gtest.h>

namespace studio::engine {
namespace {

TEST(TextDiff, namesOnlyTheWordsThatChanged) {
  const std::vector<DiffPiece> expected{
      {DiffKind::Same, "a duck, "}, {DiffKind::Removed, "embedding:"}, {DiffKind::Same, "bad pond"}};
  EXPECT_EQ(diffOf("a duck, embedding:bad pond", "a duck, bad pond"), expected);
}

TEST(TextDiff, givesBothTextsBack) {
  for (const auto& [before, after] : {std::pair<std::string, std::string>{"{{桜}}, night", "(桜:1.1025), night"},
                                      {"", "new"},
                                      {"old", ""},
                                      {"", ""},
                                      {"a b c d", "d c b a"},
                                      {"same", "same"}}) {
    std::string old;
    std::string now;
    for (const DiffPiece& piece : diffOf(before, after)) {
      if (piece.kind != DiffKind::Added) old += piece.text;
      if (piece.kind != DiffKind::Removed) now += piece.text;
    }
    EXPECT_EQ(old, before);
    EXPECT_EQ(now, after);
  }
}

TEST(TextDiff, staysSmallForLongTexts) {
  std::string before;
  std::string after;
  for (int i = 0; i < 5000; ++i) {
    before += "a" + std::to_string(i) + " ";
    after += "b" + std::to_string(i) + " ";
  }
  const auto pieces = diffOf(before, after);
  ASSERT_FALSE(pieces.empty());
  EXPECT_LE(pieces.size(), 3U);
}

}  // namespace
}  // namespace studio::engine
