#include "engine/image/jpeg_container.h"

#include "engine/api/engine_error.h"
#include "engine/image/exif.h"
#include "tests/image/picture_fixture.h"

namespace studio::engine {
namespace {

void appendSegment(ByteVector& jpeg, std::uint8_t marker, ByteSpan payload) {
  const std::size_t length = payload.size() + 2;
  jpeg.insert(jpeg.end(), {0xFF, marker, static_cast<std::uint8_t>(length >> 8), static_cast<std::uint8_t>(length)});
  jpeg.insert(jpeg.end(), payload.begin(), payload.end());
}

/// SOI, JFIF, a foreign APP1, a frame of 300 × 200 and the start of the pixels.
ByteVector smallJpeg() {
  ByteVector jpeg{0xFF, 0xD8};
  appendSegment(jpeg, 0xE0, bytesOf(std::string_view("JFIF\0\1\1\0\0\1\0\1\0\0", 14)));
  appendSegment(jpeg, 0xE1, bytesOf("http://ns.adobe.com/xap/1.0/ and so on"));
  appendSegment(jpeg, 0xC0, ByteVector{8, 0, 200, 1, 44, 3});
  jpeg.insert(jpeg.end(), {0xFF, 0xDA, 0, 2, 1, 2, 3, 0xFF, 0xD9});
  return jpeg;
}

TEST(JpegContainer, putsTheExifBehindJfifAndDropsOtherApplicationData) {
  const ByteVector plain = smallJpeg();
  const auto jpeg = withExif(plain, exifWithUserComment("a duck"));
  ASSERT_TRUE(jpeg);
  const JpegDescription found = scanJpeg(MemorySource(*jpeg));
  EXPECT_EQ(found.size, (PixelSize{300, 200}));
  EXPECT_EQ(found.comment, "a duck");
  EXPECT_EQ(std::string(jpeg->begin() + 6, jpeg->begin() + 10), "JFIF");
  EXPECT_EQ(std::string(jpeg->begin() + 24, jpeg->begin() + 28), "Exif");
  EXPECT_EQ(std::string(jpeg->begin(), jpeg->end()).find("adobe"), std::string::npos);
  EXPECT_TRUE(std::equal(plain.end() - 9, plain.end(), jpeg->end() - 9)) << "the pixels are untouched";
}

TEST(JpegContainer, replacesExifThatIsThereAlready) {
  const auto first = withExif(smallJpeg(), exifWithUserComment("first"));
  const auto second = withExif(*first, exifWithUserComment("again"));
  EXPECT_EQ(first->size(), second->size());
  EXPECT_EQ(scanJpeg(MemorySource(*second)).comment, "again");
}

TEST(JpegContainer, saysWhenTheDataIsTooLongForASegment) {
  EXPECT_TRUE(withExif(smallJpeg(), ByteVector(65527, 0)));
  EXPECT_FALSE(withExif(smallJpeg(), ByteVector(65528, 0)));
  EXPECT_FALSE(withExif(bytesOf("no jpeg at all"), ByteVector(10, 0)));
}

TEST(JpegContainer, refusesFilesWithoutASize) {
  EXPECT_THROW(scanJpeg(MemorySource(ByteVector{0xFF, 0xD8})), EngineException);
  EXPECT_THROW(scanJpeg(MemorySource(ByteVector(5000, 0xFF))), EngineException);
  ByteVector zeroWide = smallJpeg();
  const ByteVector frame{8, 0, 200, 1, 44, 3};
  auto at = std::search(zeroWide.begin(), zeroWide.end(), frame.begin(), frame.end());
  at[3] = at[4] = 0;
  EXPECT_THROW(scanJpeg(MemorySource(zeroWide)), EngineException);
}

TEST(JpegContainer, neverReadsBeyondACut) {
  const auto jpeg = withExif(smallJpeg(), exifWithUserComment("a duck"));
  for (std::size_t length = 0; length < jpeg->size() - 9; ++length) {
    EXPECT_THROW(scanJpeg(MemorySource(ByteSpan(*jpeg).first(length))), EngineException) << length;
  }
}

TEST(JpegContainer, findsTheTextsOtherProgramsKeepElsewhere) {
  ByteVector jpeg{0xFF, 0xD8};
  appendSegment(jpeg, 0xE1, bytesOf(std::string("http://ns.adobe.com/xap/1.0/") + '\0' + "<x:xmpmeta/>"));
  appendSegment(jpeg, 0xFE, bytesOf("a comment"));
  // A directory with one entry: Make, 12 characters at the end.
  appendSegment(jpeg, 0xE1,
                bytesOf(std::string("Exif\0\0MM\0*\0\0\0\x08\0\1\1\x0F\0\2\0\0\0\x0C\0\0\0\x1A\0\0\0\0", 32) +
                        std::string("workflow:{}\0", 12)));
  appendSegment(jpeg, 0xC0, ByteVector{8, 0, 200, 1, 44, 3});
  const JpegDescription found = scanJpeg(MemorySource(jpeg));
  ASSERT_EQ(found.texts.size(), 3U);
  EXPECT_EQ(found.texts[0].keyword + "|" + found.texts[0].text, "XML:com.adobe.xmp|<x:xmpmeta/>");
  EXPECT_EQ(found.texts[1].keyword + "|" + found.texts[1].text, "Comment|a comment");
  EXPECT_EQ(found.texts[2].keyword + "|" + found.texts[2].text, "Make|workflow:{}");
}

}  // namespace
}  // namespace studio::engine
