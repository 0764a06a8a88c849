#include "engine/api/image_io.h"

#include <gtest/gtest.h>

namespace studio::engine {
namespace {

std::string pathFor(const std::string& pattern, int index, int pictures, const std::string& model = "duck") {
  return utf8FromPath(outputPath(pattern, index, pictures, Seed{18446744073709551615U}, model, "2026-11-21-153042"));
}

TEST(OutputPath, fillsInEveryPlaceholderAndLeavesOtherBracesAlone) {
  EXPECT_EQ(pathFor("out/{model}-{seed}-{date}-{index}{x}.png", 3, 4),
            "out/duck-18446744073709551615-2026-11-21-153042-3{x}.png");
}

TEST(OutputPath, numbersSeveralPicturesOfAPatternWithoutAnIndex) {
  EXPECT_EQ(pathFor("a.b.png", 0, 2), "a.b-0.png");
  EXPECT_EQ(pathFor("桜/a.webp", 1, 2), "桜/a-1.webp");
  EXPECT_EQ(pathFor("a.png", 0, 1), "a.png");
}

TEST(OutputPath, keepsValuesInsideTheFolder) {
  EXPECT_EQ(pathFor("{model}.png", 0, 1, "../../etc/pass\\wd\n"), ".._.._etc_pass_wd_.png");
  EXPECT_EQ(pathFor("{model}/a.png", 0, 1, ".."), "__/a.png");
}

TEST(OutputPath, doesNotFillInWhatAValueHappensToContain) {
  EXPECT_EQ(pathFor("{model}.png", 0, 1, "{seed}"), "{seed}.png");
}

TEST(OutputPath, cutsLongModelNamesBetweenCharacters) {
  std::string name = "a";
  for (int i = 0; i < 100; ++i) name += "桜";
  EXPECT_EQ(pathFor("{model}.png", 0, 1, name).size(), 118U + 4U);
}

}  // namespace
}  // namespace studio::engine
