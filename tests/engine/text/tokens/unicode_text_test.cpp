#include "engine/text/tokens/unicode_text.h"

#include <gtest/gtest.h>

#include <string>

namespace studio::engine::unicode {
namespace {

std::string textOf(const std::vector<SourceChar>& chars) {
  std::string text;
  for (const SourceChar& c : chars) appendUtf8(text, c.value);
  return text;
}

TEST(UnicodeText, everyCodePointSurvivesEncodingAndDecoding) {
  for (char32_t value = 0; value < 0x110000; ++value) {
    if (value >= 0xD800 && value < 0xE000) continue;
    std::string text;
    appendUtf8(text, value);
    std::size_t position = 0;
    ASSERT_EQ(decodeUtf8(text, position), value);
    ASSERT_EQ(position, text.size());
    ASSERT_EQ(codePointBefore(text, text.size()), value);
  }
}

TEST(UnicodeText, composesAndOrdersMarks) {
  EXPECT_EQ(textOf(normaliseC(decodeAll("e\u0301"))), "é");
  EXPECT_EQ(textOf(normaliseC(decodeAll("か\u3099"))), "が");
  EXPECT_EQ(textOf(normaliseC(decodeAll("a\u0307\u0323"))), textOf(normaliseC(decodeAll("a\u0323\u0307"))));
  EXPECT_EQ(textOf(normaliseC(decodeAll("\u1112\u1161\u11ab"))), "한");
  EXPECT_EQ(textOf(normaliseC(decodeAll("\u212b"))), "\u00c5") << "the Angstrom sign is a letter";
  EXPECT_EQ(textOf(normaliseC(decodeAll("\u0958"))), "\u0915\u093c") << "excluded from composition";
}

TEST(UnicodeText, lowersCharacterByCharacter) {
  EXPECT_EQ(textOf(lowerCase(decodeAll("ABC ÀĀ ΑΣΣ Ж ẞ İ"))), "abc àā ασσ ж ß i\u0307");
}

TEST(UnicodeText, keepsTheBytePlaceOfEveryCharacter) {
  const std::vector<SourceChar> chars = normaliseC(decodeAll("xe\u0301y", 10));
  ASSERT_EQ(chars.size(), 3u);
  EXPECT_EQ(chars[1].offset, 11u);
  EXPECT_EQ(chars[2].offset, 14u);
}

}  // namespace
}  // namespace studio::engine::unicode
