#include "engine/image/webp_container.h"

#include "engine/api/engine_error.h"
#include "engine/image/exif.h"
#include "tests/image/picture_fixture.h"

namespace studio::engine {
namespace {

void append32(ByteVector& bytes, std::size_t value) {
  for (int shift = 0; shift < 32; shift += 8) bytes.push_back(static_cast<std::uint8_t>(value >> shift));
}

ByteVector riff(std::string_view chunk, ByteSpan data) {
  ByteVector bytes = bytesOf("RIFF");
  append32(bytes, 4 + 8 + data.size() + data.size() % 2);
  for (const char c : std::string_view("WEBP")) bytes.push_back(static_cast<std::uint8_t>(c));
  bytes.insert(bytes.end(), chunk.begin(), chunk.end());
  append32(bytes, data.size());
  bytes.insert(bytes.end(), data.begin(), data.end());
  if (data.size() % 2 != 0) bytes.push_back(0);
  return bytes;
}

ByteVector lossy() { return riff("VP8 ", ByteVector{0x10, 0, 0, 0x9D, 0x01, 0x2A, 0x2C, 0x01, 0xC8, 0x00, 9}); }
/// 300 × 200 with alpha: 14 bits width-1, 14 bits height-1, one bit alpha.
ByteVector lossless() { return riff("VP8L", ByteVector{0x2F, 0x2B, 0xC1, 0x31, 0x10, 7}); }

TEST(WebPContainer, upgradesASimpleFileToTheExtendedLayout) {
  const ByteVector webp = webpWithExif(lossy(), exifWithUserComment("a duck"));
  const WebPDescription found = scanWebP(MemorySource(webp));
  EXPECT_EQ(found.size, (PixelSize{300, 200}));
  EXPECT_EQ(found.comment, "a duck");
  EXPECT_EQ(std::string(webp.begin() + 12, webp.begin() + 16), "VP8X");
  EXPECT_EQ(webp[20], 0x08) << "has EXIF, no alpha";
  EXPECT_EQ(littleEndian32(webp, 4), webp.size() - 8);
  EXPECT_EQ(std::string(webp.begin() + 30, webp.begin() + 34), "VP8 ");
}

TEST(WebPContainer, keepsTheAlphaFlagOfLosslessPictures) {
  const ByteVector webp = webpWithExif(lossless(), exifWithUserComment("a duck"));
  EXPECT_EQ(scanWebP(MemorySource(webp)).size, (PixelSize{300, 200}));
  EXPECT_EQ(webp[20], 0x18);
}

TEST(WebPContainer, replacesExifThatIsThereAlready) {
  const ByteVector first = webpWithExif(lossy(), exifWithUserComment("first"));
  const ByteVector second = webpWithExif(first, exifWithUserComment("again"));
  EXPECT_EQ(first.size(), second.size());
  EXPECT_EQ(scanWebP(MemorySource(second)).comment, "again");
}

TEST(WebPContainer, readsExifWithTheMarkerOfJpeg) {
  ByteVector marked = bytesOf(std::string_view("Exif\0\0", 6));
  const ByteVector exif = exifWithUserComment("a duck");
  marked.insert(marked.end(), exif.begin(), exif.end());
  EXPECT_EQ(scanWebP(MemorySource(webpWithExif(lossy(), marked))).comment, "a duck");
}

TEST(WebPContainer, refusesFilesWithoutAFrame) {
  EXPECT_THROW(scanWebP(MemorySource(riff("JUNK", ByteVector(20, 1)))), EngineException);
  EXPECT_THROW(scanWebP(MemorySource(ByteVector{})), EngineException);
  EXPECT_THROW(webpWithExif(bytesOf("no webp"), ByteVector(10, 0)), EngineException);
}

TEST(WebPContainer, neverReadsBeyondACut) {
  const ByteVector webp = webpWithExif(lossy(), exifWithUserComment("a duck"));
  for (std::size_t length = 30; length < webp.size(); ++length) {
    EXPECT_FALSE(scanWebP(MemorySource(ByteSpan(webp).first(length))).comment) << length;
  }
}

TEST(WebPContainer, stopsAtALengthThatPointsBehindTheFile) {
  ByteVector webp = lossy();
  webp[16] = webp[17] = webp[18] = webp[19] = 0xFF;
  EXPECT_THROW(scanWebP(MemorySource(webp)), EngineException);
}

}  // namespace
}  // namespace studio::engine
