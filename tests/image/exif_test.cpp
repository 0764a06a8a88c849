#include "engine/image/exif.h"

#include "tests/image/picture_fixture.h"

namespace studio::engine {
namespace {

constexpr std::size_t kCommentAt = 44;  ///< of exifWithUserComment: two directories of 18 bytes behind the header

/// EXIF in either byte order with the given UserComment, made independently of the code under test.
ByteVector handMade(bool bigEndian, ByteSpan comment, bool inFirstFolder = false) {
  ByteVector bytes;
  const auto put = [&](std::uint64_t value, int count) {
    for (int i = 0; i < count; ++i)
      bytes.push_back(static_cast<std::uint8_t>(value >> 8 * (bigEndian ? count - 1 - i : i)));
  };
  bytes = bytesOf(bigEndian ? "MM" : "II");
  put(42, 2);
  put(8, 4);
  if (!inFirstFolder) {
    put(1, 2), put(0x8769, 2), put(4, 2), put(1, 4), put(26, 4), put(0, 4);
  }
  put(1, 2), put(0x9286, 2), put(7, 2), put(comment.size(), 4);
  if (comment.size() > 4) put(bytes.size() + 8, 4), put(0, 4);
  bytes.insert(bytes.end(), comment.begin(), comment.end());
  return bytes;
}

ByteVector unicodeComment(std::string_view text, bool bigEndian, bool mark = false) {
  ByteVector comment = bytesOf(std::string_view("UNICODE\0", 8));
  if (mark) {
    comment.push_back(bigEndian ? 0xFE : 0xFF);
    comment.push_back(bigEndian ? 0xFF : 0xFE);
  }
  for (const char c : text) {
    comment.push_back(static_cast<std::uint8_t>(bigEndian ? 0 : c));
    comment.push_back(static_cast<std::uint8_t>(bigEndian ? c : 0));
  }
  return comment;
}

TEST(Exif, readsUnicodeCommentsOfEitherByteOrderInEitherByteOrderOfTheFile) {
  for (const bool fileOrder : {true, false}) {
    for (const bool textOrder : {true, false}) {
      for (const bool mark : {true, false}) {
        EXPECT_EQ(exifUserComment(handMade(fileOrder, unicodeComment("a duck", textOrder, mark))), "a duck")
            << fileOrder << textOrder << mark;
      }
    }
  }
}

TEST(Exif, readsAsciiUndefinedAndMissingCharacterCodes) {
  EXPECT_EQ(exifUserComment(handMade(false, bytesOf(std::string_view("ASCII\0\0\0a duck\0\0", 16)))), "a duck");
  EXPECT_EQ(exifUserComment(handMade(true, bytesOf(std::string_view("\0\0\0\0\0\0\0\0桜", 11)))), "桜");
  EXPECT_EQ(exifUserComment(handMade(true, bytesOf("just some text"))), "just some text");
  EXPECT_EQ(exifUserComment(handMade(true, bytesOf("tiny"))), "tiny") << "four bytes stand in the entry itself";
}

TEST(Exif, findsTheCommentInTheFirstDirectoryToo) {
  EXPECT_EQ(exifUserComment(handMade(false, unicodeComment("a duck", false), true)), "a duck");
}

TEST(Exif, writesTheFormOfA1111) {
  const ByteVector exif = exifWithUserComment("桜🦆 duck");
  EXPECT_EQ(std::string(exif.begin(), exif.begin() + 4), std::string("MM\0*", 4));
  EXPECT_EQ(std::string(exif.begin() + kCommentAt, exif.begin() + kCommentAt + 8), std::string("UNICODE\0", 8));
  EXPECT_EQ(exif[kCommentAt + 8], 0x68) << "big-endian UTF-16 without a mark";
  EXPECT_EQ(exifUserComment(exif), "桜🦆 duck");
  EXPECT_EQ(exifUserComment(exifWithAsciiComment("duck")), "duck");
}

TEST(Exif, hasNoCommentWhereverTheDataIsCut) {
  const ByteVector whole = exifWithUserComment("a duck");
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_FALSE(exifUserComment(ByteSpan(whole).first(length))) << length;
  }
}

TEST(Exif, survivesEveryByteBeingWrong) {
  const ByteVector whole = exifWithUserComment("a duck");
  for (std::size_t at = 0; at < kCommentAt; ++at) {
    for (const int value : {0, 1, 0x7F, 0x80, 0xFF}) {
      ByteVector broken = whole;
      broken[at] = static_cast<std::uint8_t>(value);
      const auto comment = exifUserComment(broken);
      EXPECT_LE(comment.value_or("").size(), whole.size() * 3);
    }
  }
}

TEST(Exif, doesNotFollowACircleOfDirectories) {
  ByteVector circle = exifWithUserComment("a duck");
  circle[21] = 8;  // the EXIF directory is the first one again
  EXPECT_FALSE(exifUserComment(circle));
}

TEST(Exif, skipsTheMarkerInFrontOfTheData) {
  ByteVector marked = bytesOf(std::string_view("Exif\0\0", 6));
  const ByteVector exif = exifWithUserComment("a duck");
  marked.insert(marked.end(), exif.begin(), exif.end());
  EXPECT_EQ(exifUserComment(withoutExifMarker(marked)), "a duck");
  EXPECT_EQ(exifUserComment(withoutExifMarker(exif)), "a duck");
  EXPECT_TRUE(withoutExifMarker({}).empty());
}

}  // namespace
}  // namespace studio::engine
