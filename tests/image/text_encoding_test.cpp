#include "engine/image/text_encoding.h"

#include <gtest/gtest.h>

namespace studio::engine {
namespace {

TEST(TextEncoding, carriesEmojiAndJapaneseThroughUtf16InBothByteOrders) {
  const std::string text = "桜と🦆 a\n";
  ByteVector bytes = utf16BigEndianFromUtf8(text);
  EXPECT_EQ(bytes.size(), 14U);
  EXPECT_EQ(utf8FromUtf16(bytes, true), text);
  for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) std::swap(bytes[i], bytes[i + 1]);
  EXPECT_EQ(utf8FromUtf16(bytes, false), text);
}

TEST(TextEncoding, replacesLoneSurrogatesAndIgnoresAnOddByte) {
  const ByteVector bytes{0xD8, 0x3E, 0x00, 'a', 0xDC, 0x00, 0x00};
  EXPECT_EQ(utf8FromUtf16(bytes, true),
            "\xEF\xBF\xBD"
            "a\xEF\xBF\xBD");
}

TEST(TextEncoding, refusesOverlongSurrogateAndCutUtf8) {
  EXPECT_TRUE(isUtf8("é桜🦆"));
  EXPECT_FALSE(isUtf8("\xC0\x80"));
  EXPECT_FALSE(isUtf8("\xE0\x80\x80"));
  EXPECT_FALSE(isUtf8("\xED\xA0\x80"));
  EXPECT_FALSE(isUtf8("\xF4\x90\x80\x80"));
  EXPECT_FALSE(isUtf8("\xE6\xA1"));
  EXPECT_EQ(repairedUtf8("a\xE6\xA1"), "a\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST(TextEncoding, writesLatin1OnlyForPrintableCharactersOfIt) {
  EXPECT_EQ(latin1FromUtf8("caf\xC3\xA9\n"), "caf\xE9\n");
  EXPECT_FALSE(latin1FromUtf8("桜"));
  EXPECT_FALSE(latin1FromUtf8("\xC2\x85"));
  EXPECT_FALSE(latin1FromUtf8("a\x1B"));
  EXPECT_EQ(utf8FromLatin1("caf\xE9"), "café");
}

TEST(TextEncoding, takesUnknownTextForUtf8IfItCanBe) {
  EXPECT_EQ(utf8FromUnknown("桜"), "桜");
  EXPECT_EQ(utf8FromUnknown("caf\xE9"), "café");
  EXPECT_EQ(utf8FromUnknown(std::string_view("a\0b", 3)), "a");
}

}  // namespace
}  // namespace studio::engine
