#include "engine/image/png_reader.h"

#include <gtest/gtest.h>

#include <string>

namespace studio::engine {
namespace {

/// A picture two pixels wide as every kind of PNG there is; files and pixels in hexadecimal digits.
struct Kind {
  const char* name;
  std::string file;
  int channels;
  std::string pixels;
};

const Kind kKinds[]{
    {"8 bits of grey",
     "89504e470d0a1a0a0000000d4948445200000002000000010800000000d14920560000000b4944415478da63"
     "10f8000001130101e6ff111b0000000049454e44ae426082",
     3, "101010f0f0f0"},
    {"grey with alpha",
     "89504e470d0a1a0a0000000d49484452000000020000000108040000005e2bb7010000000d4944415478da63"
     "1068f8f01f0004a40280294568d20000000049454e44ae426082",
     4, "10101080f0f0f0ff"},
    {"1 bit",
     "89504e470d0a1a0a0000000d4948445200000002000000010100000000dc5942270000000a4944415478da63"
     "7000000042004184bf8e620000000049454e44ae426082",
     3, "000000ffffff"},
    {"a palette",
     "89504e470d0a1a0a0000000d4948445200000002000000010803000000c3fc8fb800000006504c54450a141e"
     "28323cd51bb4e90000000b4944415478da63606400000005000242c2449f0000000049454e44ae426082",
     3, "28323c0a141e"},
    {"a palette with one colour that is nearly transparent",
     "89504e470d0a1a0a0000000d4948445200000002000000010803000000c3fc8fb800000006504c54450a141e"
     "28323cd51bb4e90000000174524e5307de824dc50000000b4944415478da63606400000005000242c2449f00"
     "00000049454e44ae426082",
     4, "28323cff0a141e07"},
    {"16 bits",
     "89504e470d0a1a0a0000000d49484452000000020000000110020000002bd0349e000000154944415478da63"
     "60606064fcff5fc8a481a1fe3f00147e0445c2505cbd0000000049454e44ae426082",
     3, "0001ff12807f"},
    {"interlaced",
     "89504e470d0a1a0a0000000d49484452000000020000000208020000018ad3aae5000000174944415478da63"
     "606462666061656360e7e0e4e2e601000196004f280bd2370000000049454e44ae426082",
     3, "0102030405060708090a0b0c"},
};

ByteVector bytesFrom(const std::string& digits) {
  ByteVector bytes;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
    bytes.push_back(static_cast<std::uint8_t>(std::stoi(digits.substr(i, 2), nullptr, 16)));
  return bytes;
}

TEST(PngReader, givesEightBitsOfRgbOrRgbaWhateverTheKind) {
  for (const Kind& kind : kKinds) {
    const ByteVector file = bytesFrom(kind.file);
    std::string why;
    const auto image = decodePng(MemorySource(file), 100, why);
    ASSERT_TRUE(image) << kind.name << ": " << why;
    EXPECT_EQ(image->channels, kind.channels) << kind.name;
    EXPECT_EQ(*image->pixels, bytesFrom(kind.pixels)) << kind.name;
  }
}

TEST(PngReader, stopsAfterTheRowsThatWereAskedFor) {
  const Kind& interlaced = kKinds[6];
  const ByteVector file = bytesFrom(interlaced.file);
  std::string why;
  const auto top = decodePng(MemorySource(file), 1, why);
  ASSERT_TRUE(top) << why;
  EXPECT_EQ(top->size, (PixelSize{2, 1}));
  EXPECT_EQ(*top->pixels, bytesFrom(interlaced.pixels.substr(0, 12)));
}

TEST(PngReader, saysWhyADamagedPictureIsNone) {
  const ByteVector whole = bytesFrom(kKinds[0].file);
  constexpr std::size_t kEnd = 12;  // the chunk at the end is not needed
  for (std::size_t length = 0; length < whole.size() - kEnd; ++length) {
    std::string why;
    EXPECT_FALSE(decodePng(MemorySource(ByteSpan(whole).first(length)), 100, why)) << length;
    EXPECT_FALSE(why.empty()) << length;
  }
}

}  // namespace
}  // namespace studio::engine
