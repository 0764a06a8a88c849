#include "engine/image/hidden_text.h"
#include "engine/image/png_writer.h"
#include "tests/image/picture_fixture.h"

#include <zlib.h>

namespace studio::engine {
namespace {

const std::string kText = "a duck\nNegative prompt: blurry\nSteps: 25, Sampler: Euler a, Seed: 7, Size: 64x40";

std::string gzipped(const std::string& text) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string result(text.size() + 128, '\0');
  std::string source = text;
  stream.next_in = reinterpret_cast<Bytef*>(source.data());
  stream.avail_in = static_cast<uInt>(source.size());
  stream.next_out = reinterpret_cast<Bytef*>(result.data());
  stream.avail_out = static_cast<uInt>(result.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  result.resize(result.size() - stream.avail_out);
  deflateEnd(&stream);
  return result;
}

/// Puts mark, length and bytes into the lowest bits, column by column, as the extension does.
Image hiding(Image image, const std::string& mark, const std::string& bytes, std::uint32_t bits) {
  const bool alpha = mark.find("png") != std::string::npos;
  std::string data = mark;
  for (int shift = 24; shift >= 0; shift -= 8) data += static_cast<char>(bits >> shift);
  data += bytes;
  auto pixels = *image.pixels;
  const auto width = static_cast<std::size_t>(image.size.width);
  const auto height = static_cast<std::size_t>(image.size.height);
  const auto channels = static_cast<std::size_t>(image.channels);
  for (std::size_t at = 0; at < data.size() * 8; ++at) {
    const unsigned bit = static_cast<unsigned char>(data[at / 8]) >> (7 - at % 8) & 1U;
    const std::size_t pixel = alpha ? at : at / 3;
    std::uint8_t& value = pixels.at((pixel % height * width + pixel / height) * channels + (alpha ? 3 : at % 3));
    value = static_cast<std::uint8_t>((value & 0xFEU) | bit);
  }
  image.pixels = std::make_shared<const std::vector<std::uint8_t>>(std::move(pixels));
  return image;
}

std::uint32_t bitsOf(const std::string& text) { return static_cast<std::uint32_t>(text.size() * 8); }

TEST(HiddenText, isFoundInEveryForm) {
  const std::string packed = gzipped(kText);
  for (const int height : {40, 120, 200}) {
    const Image rgba = gradient(64, height, 4);
    EXPECT_EQ(hiddenText(hiding(rgba, "stealth_pnginfo", kText, bitsOf(kText))), kText);
    EXPECT_EQ(hiddenText(hiding(rgba, "stealth_pngcomp", packed, bitsOf(packed))), kText);
    EXPECT_EQ(hiddenText(hiding(rgba, "stealth_rgbinfo", kText, bitsOf(kText))), kText);
    EXPECT_EQ(hiddenText(hiding(gradient(64, height), "stealth_rgbcomp", packed, bitsOf(packed))), kText);
    EXPECT_FALSE(hiddenText(rgba));
  }
}

TEST(HiddenText, isReadFromAFileThatHasNoOther) {
  const TemporaryFolder folder;
  const std::string packed = gzipped(kText);
  writeBytes(folder / "a.png", encodePng(hiding(gradient(64, 150, 4), "stealth_pngcomp", packed, bitsOf(packed)), {}));
  const PictureInfo info = readPictureInfo(folder / "a.png").value();
  EXPECT_EQ(info.sourceId, "a1111");
  EXPECT_EQ(info.request.values.prompt, "a duck");
  EXPECT_EQ(info.request.values.steps, 25);
  EXPECT_EQ(info.size, (PixelSize{64, 150}));
}

TEST(HiddenText, ofNovelAiIsItsJson) {
  const TemporaryFolder folder;
  const std::string text =
      R"({"Software": "NovelAI", "Source": "v3", "Comment": "{\"prompt\": \"{duck}\", \"steps\": 28}"})";
  const std::string packed = gzipped(text);
  writeBytes(folder / "a.png", encodePng(hiding(gradient(64, 64, 4), "stealth_pngcomp", packed, bitsOf(packed)), {}));
  const PictureInfo info = readPictureInfo(folder / "a.png").value();
  EXPECT_EQ(info.sourceId, "novelai");
  EXPECT_EQ(info.request.values.prompt, "(duck:1.05)");
}

TEST(HiddenText, thatLiesAboutItsLengthIsNone) {
  const Image rgba = gradient(64, 40, 4);
  EXPECT_FALSE(hiddenText(hiding(rgba, "stealth_pnginfo", kText, 0xFFFFFFFFU)));
  EXPECT_FALSE(hiddenText(hiding(rgba, "stealth_pnginfo", kText, 64 * 40)));
  EXPECT_FALSE(hiddenText(hiding(rgba, "stealth_pngcomp", kText, bitsOf(kText))));
  EXPECT_FALSE(hiddenText({}));
  EXPECT_FALSE(hiddenText(gradient(1, 1, 4)));
}

}  // namespace
}  // namespace studio::engine
