#include "engine/image/png_chunks.h"

#include "engine/api/engine_error.h"
#include "tests/image/picture_fixture.h"

#include <zlib.h>

namespace studio::engine {
namespace {

void append32(ByteVector& bytes, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<std::uint8_t>(value >> shift));
}

void appendChunk(ByteVector& png, std::string_view type, ByteSpan data) {
  append32(png, static_cast<std::uint32_t>(data.size()));
  const std::size_t start = png.size();
  png.insert(png.end(), type.begin(), type.end());
  png.insert(png.end(), data.begin(), data.end());
  append32(png, static_cast<std::uint32_t>(crc32(0, png.data() + start, static_cast<uInt>(png.size() - start))));
}

ByteVector deflated(std::string_view text) {
  uLongf size = compressBound(text.size());
  ByteVector bytes(size);
  compress(bytes.data(), &size, reinterpret_cast<const Bytef*>(text.data()), text.size());
  bytes.resize(size);
  return bytes;
}

ByteVector pngStart(std::uint32_t width = 4, std::uint32_t height = 3) {
  ByteVector png{0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  ByteVector header;
  append32(header, width);
  append32(header, height);
  header.insert(header.end(), {8, 2, 0, 0, 0});
  appendChunk(png, "IHDR", header);
  return png;
}

ByteVector joined(std::string_view head, ByteSpan tail) {
  ByteVector bytes = bytesOf(head);
  bytes.insert(bytes.end(), tail.begin(), tail.end());
  return bytes;
}

PngDescription scan(const ByteVector& png, const PngLimits& limits = {}) { return scanPng(MemorySource(png), limits); }

TEST(PngChunks, findsAllThreeKindsOfTextBeforeAndAfterThePixels) {
  ByteVector png = pngStart();
  appendChunk(png, "tEXt", bytesOf(std::string_view("one\0caf\xE9", 8)));
  appendChunk(png, "IDAT", ByteVector(1000, 7));
  appendChunk(png, "zTXt", joined(std::string_view("two\0\0", 5), deflated("packed")));
  appendChunk(png, "iTXt", bytesOf(std::string_view("three\0\0\0ja\0\0桜", 15)));
  appendChunk(png, "iTXt", joined(std::string_view("four\0\1\0\0\0", 9), deflated("桜 packed")));
  appendChunk(png, "IEND", {});
  const PngDescription found = scan(png);
  EXPECT_EQ(found.size, (PixelSize{4, 3}));
  ASSERT_EQ(found.texts.size(), 4U);
  EXPECT_EQ(found.texts[0].keyword, "one");
  EXPECT_EQ(found.texts[0].text, "café");
  EXPECT_EQ(found.texts[1].text, "packed");
  EXPECT_EQ(found.texts[2].text, "桜");
  EXPECT_EQ(found.texts[3].text, "桜 packed");
}

TEST(PngChunks, readsRawUtf8InALatin1ChunkAsOtherProgramsWriteIt) {
  ByteVector png = pngStart();
  appendChunk(png, "tEXt", bytesOf(std::string_view("parameters\0桜", 14)));
  ASSERT_EQ(scan(png).texts.size(), 1U);
  EXPECT_EQ(scan(png).texts[0].text, "桜");
}

TEST(PngChunks, leavesOutTextThatWouldUnpackBeyondTheLimit) {
  ByteVector png = pngStart();
  appendChunk(png, "zTXt", joined(std::string_view("bomb\0\0", 6), deflated(std::string(200000, 'x'))));
  appendChunk(png, "tEXt", bytesOf(std::string_view("small\0fits", 10)));
  const PngDescription found = scan(png, {.textBytes = 100000});
  ASSERT_EQ(found.texts.size(), 1U);
  EXPECT_EQ(found.texts[0].keyword, "small");
  EXPECT_EQ(scan(png).texts.size(), 2U);
}

TEST(PngChunks, countsAllTextsTogetherAgainstTheLimit) {
  ByteVector png = pngStart();
  for (int i = 0; i < 5; ++i) appendChunk(png, "tEXt", bytesOf("key" + std::string(1, '\0') + std::string(400, 'x')));
  EXPECT_EQ(scan(png, {.textBytes = 1000}).texts.size(), 2U);
  EXPECT_EQ(scan(png, {.texts = 3}).texts.size(), 3U);
}

TEST(PngChunks, leavesOutDamagedTexts) {
  ByteVector png = pngStart();
  appendChunk(png, "tEXt", bytesOf(std::string_view("key\0value", 9)));
  png[png.size() - 6] ^= 1;
  appendChunk(png, "zTXt", bytesOf(std::string_view("key\0\0no zlib data", 17)));
  appendChunk(png, "iTXt", bytesOf(std::string_view("key\0\0", 5)));
  appendChunk(png, "tEXt", bytesOf("no end of the keyword"));
  appendChunk(png, "tEXt", bytesOf(std::string(80, 'k') + std::string(1, '\0') + "v"));
  appendChunk(png, "tEXt", bytesOf(std::string_view("\0empty keyword", 14)));
  EXPECT_TRUE(scan(png).texts.empty());
}

TEST(PngChunks, yieldsWhatCameBeforeACutWhereverItIs) {
  ByteVector whole = pngStart();
  appendChunk(whole, "tEXt", bytesOf(std::string_view("key\0value", 9)));
  const std::size_t textEnd = whole.size();
  appendChunk(whole, "IDAT", ByteVector(100, 7));
  for (std::size_t length = 33; length < whole.size(); ++length) {
    const ByteVector cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
    EXPECT_EQ(scan(cut).texts.size(), length < textEnd ? 0U : 1U) << length;
  }
}

TEST(PngChunks, refusesFilesWithoutSignatureHeaderOrSize) {
  EXPECT_THROW(scan({}), EngineException);
  EXPECT_THROW(scan(ByteVector(100, 0)), EngineException);
  EXPECT_THROW(scan(pngStart(0, 5)), EngineException);
  EXPECT_THROW(scan(pngStart(5, 0x80000000)), EngineException);
  ByteVector noHeader = pngStart();
  noHeader[12] = 'X';
  EXPECT_THROW(scan(noHeader), EngineException);
}

TEST(PngChunks, stopsAtALengthThatPointsBehindTheFile) {
  ByteVector png = pngStart();
  append32(png, 0x7FFFFFFF);
  for (const char c : std::string_view("tEXtkey")) png.push_back(static_cast<std::uint8_t>(c));
  EXPECT_TRUE(scan(png).texts.empty());
  ByteVector tooLong = pngStart();
  append32(tooLong, 0xFFFFFFFF);
  tooLong.resize(tooLong.size() + 100, 'a');
  EXPECT_TRUE(scan(tooLong).texts.empty());
}

}  // namespace
}  // namespace studio::engine
