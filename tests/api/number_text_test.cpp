#include "engine/api/number_text.h"

#include <gtest/gtest.h>

namespace studio::engine {
namespace {

TEST(NumberText, isAFiniteNumberFromTheFirstCharacterToTheLast) {
  EXPECT_EQ(finiteNumber("1.25"), 1.25);
  EXPECT_EQ(finiteNumber("+.5"), 0.5);
  EXPECT_EQ(finiteNumber("-2e-1"), -0.2);
  for (const char* text : {"", "+", " 1", "1 ", "1,5", "1x", "nan", "inf", "-inf", "1e999", "++1"}) {
    EXPECT_EQ(finiteNumber(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace studio::engine
