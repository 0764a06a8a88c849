#include "engine/image/png_chunks.h"
#include "engine/image/studio_json.h"
#include "tests/image/picture_fixture.h"
#include "tests/support/test_data.h"

#include <cstdlib>

namespace studio::engine {
namespace {

GenerationRequest restored(const std::filesystem::path& path) {
  const Result<PictureInfo> info = readPictureInfo(path);
  EXPECT_TRUE(info) << info.error().message;
  GenerationRequest request;
  applyPatch(info.value().request, request);
  return request;
}

/// The request of duckMetadata() as a PNG can give it back: files by name.
GenerationRequest expectedFromPng(const PictureMetadata& metadata) {
  GenerationRequest request = metadata.request;
  request.model = request.model.filename();
  for (LoraUse& lora : request.loras) lora.file = lora.file.filename();
  return request;
}

double meanDifference(const Image& a, const Image& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.pixels->size(); ++i) sum += std::abs((*a.pixels)[i] - (*b.pixels)[i]);
  return sum / static_cast<double>(a.pixels->size());
}

TEST(PictureFile, pngGivesBackPixelsAndRequestExactly) {
  const TemporaryFolder folder;
  PictureMetadata metadata = duckMetadata();
  metadata.request.prompt = "桜の下の🦆\nBREAK";
  metadata.request.prediction = PredictionType::Velocity;
  metadata.request.guidanceScale = 1.0 / 3.0;
  for (const int channels : {3, 4}) {
    const Image image = gradient(64, 40, channels);
    const auto path = writePicture(image, metadata, folder / "a.png");
    ASSERT_TRUE(path) << path.error().message;
    const Result<Image> back = readImage(path.value());
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(back.value().size, image.size);
    EXPECT_EQ(back.value().channels, channels);
    EXPECT_EQ(*back.value().pixels, *image.pixels);
    EXPECT_EQ(restored(path.value()), expectedFromPng(metadata));
    EXPECT_EQ(readPictureInfo(path.value()).value().parameters, parametersText(metadata));
  }
}

TEST(PictureFile, pngHoldsLatin1TextAsTextAndOtherTextAsUncompressedInternationalText) {
  const TemporaryFolder folder;
  PictureMetadata metadata = duckMetadata();
  const auto contains = [&](const std::filesystem::path& path, std::string_view bytes) {
    const ByteVector file = fileBytes(path);
    const ByteVector wanted = bytesOf(bytes);
    return std::search(file.begin(), file.end(), wanted.begin(), wanted.end()) != file.end();
  };
  metadata.request.prompt = "café";
  writePicture(gradient(8, 8), metadata, folder / "latin.png").value();
  EXPECT_TRUE(contains(folder / "latin.png", std::string_view("tEXtparameters\0caf\xE9 <lora", 25)));
  metadata.request.prompt = "桜";
  writePicture(gradient(8, 8), metadata, folder / "japanese.png").value();
  EXPECT_TRUE(contains(folder / "japanese.png", std::string_view("iTXtparameters\0\0\0\0\0桜 <lora", 28)));
  EXPECT_TRUE(contains(folder / "japanese.png", std::string_view("tEXtstudio\0{\"version\":1", 23)));
  EXPECT_TRUE(contains(folder / "japanese.png", "sRGB"));
}

TEST(PictureFile, pngNeverHoldsLatin1ThatReadersTakeForUtf8) {
  const TemporaryFolder folder;
  PictureMetadata metadata = duckMetadata();
  metadata.request.prompt = "\xC3\x83\xC2\xA9";  // "Ã©": its Latin-1 bytes are the UTF-8 of "é"
  const auto path = writePicture(gradient(8, 8), metadata, folder / "a.png").value();
  const FileSource source(path);
  EXPECT_EQ(scanPng(source).texts.at(0).text, parametersText(metadata));
}

TEST(PictureFile, pngIsFreeOfControlCharactersAndInvalidText) {
  const TemporaryFolder folder;
  PictureMetadata metadata = duckMetadata();
  metadata.request.prompt = std::string("a\0b\x1B[0m\r\xFF", 9);
  const auto path = writePicture(gradient(8, 8), metadata, folder / "a.png");
  ASSERT_TRUE(path) << path.error().message;
  EXPECT_TRUE(readPictureInfo(path.value()).value().parameters.starts_with("a b [0m \xEF\xBF\xBD"));
}

TEST(PictureFile, jpegAndWebPGiveBackTheRequestOfTheSharedText) {
  const TemporaryFolder folder;
  PictureMetadata metadata = duckMetadata();
  metadata.request.prompt = "桜の下の🦆";
  const Image image = gradient(64, 40);
  for (const char* name : {"a.jpg", "a.jpeg", "a.webp", "A.WEBP"}) {
    const auto path = writePicture(image, metadata, folder / name);
    ASSERT_TRUE(path) << path.error().message;
    const Result<PictureInfo> info = readPictureInfo(path.value());
    ASSERT_TRUE(info) << info.error().message;
    EXPECT_EQ(info.value().parameters, parametersText(metadata)) << name;
    EXPECT_EQ(info.value().size, image.size) << name;
    EXPECT_EQ(info.value().source, "Kiln Studio") << name;
    const Result<Image> back = readImage(path.value());
    ASSERT_TRUE(back) << name << back.error().message;
    EXPECT_LT(meanDifference(back.value(), image), 3.0) << name;
  }
}

TEST(PictureFile, qualityDecidesTheSizeOfJpegAndWebP) {
  const TemporaryFolder folder;
  for (const char* extension : {".jpg", ".webp"}) {
    const auto small =
        writePicture(gradient(256, 256), duckMetadata(), folder / (std::string("small") + extension), 20);
    const auto large =
        writePicture(gradient(256, 256), duckMetadata(), folder / (std::string("large") + extension), 98);
    EXPECT_LT(std::filesystem::file_size(small.value()), std::filesystem::file_size(large.value())) << extension;
  }
}

TEST(PictureFile, jpegHasRoomForALongAsciiPromptAndSaysWhenItHasNot) {
  const TemporaryFolder folder;
  PictureMetadata metadata = duckMetadata();
  metadata.request.prompt = std::string(60000, 'x');
  const auto fits = writePicture(gradient(8, 8), metadata, folder / "a.jpg");
  ASSERT_TRUE(fits) << fits.error().message;
  EXPECT_EQ(restored(fits.value()).prompt, metadata.request.prompt);
  metadata.request.negativePrompt = metadata.request.prompt;
  const auto tooLong = writePicture(gradient(8, 8), metadata, folder / "b.jpg");
  ASSERT_FALSE(tooLong);
  EXPECT_EQ(tooLong.error().kind, ErrorKind::CannotWrite);
  EXPECT_TRUE(writePicture(gradient(8, 8), metadata, folder / "b.webp"));
  EXPECT_TRUE(writePicture(gradient(8, 8), metadata, folder / "b.png"));
}

TEST(PictureFile, refusesOtherFormatsAndIncompletePictures) {
  const TemporaryFolder folder;
  EXPECT_EQ(writePicture(gradient(8, 8), {}, folder / "a.gif").error().kind, ErrorKind::BadRequest);
  EXPECT_EQ(writePicture(gradient(8, 8), {}, folder / "a").error().kind, ErrorKind::BadRequest);
  EXPECT_FALSE(writePicture({}, {}, folder / "a.png"));
  Image image = gradient(8, 8);
  image.size.width = 9;
  EXPECT_FALSE(writePicture(image, {}, folder / "a.png"));
  EXPECT_EQ(folder.files(), 0U);
}

TEST(PictureFile, fallsBackToTheSharedTextWhenOurOwnIsDamaged) {
  const TemporaryFolder folder;
  const auto path = writePicture(gradient(8, 8), duckMetadata(), folder / "a.png").value();
  ByteVector bytes = fileBytes(path);
  const std::string keyword = "studio";
  *std::search(bytes.begin(), bytes.end(), keyword.begin(), keyword.end()) = 'S';
  writeBytes(folder / "b.png", bytes);
  const PictureInfo info = readPictureInfo(folder / "b.png").value();
  EXPECT_EQ(info.request.values.loras.at(0).file, "water") << "a name without extension comes from the shared text";
}

TEST(PictureFile, namesWhatIsWrongWithBrokenFiles) {
  const TemporaryFolder folder;
  writeBytes(folder / "words.png", bytesOf("these are words"));
  writeBytes(folder / "empty.png", {});
  EXPECT_EQ(readPictureInfo(folder / "absent.png").error().kind, ErrorKind::MissingFile);
  EXPECT_EQ(readPictureInfo(folder.path()).error().kind, ErrorKind::BadFile);
  for (const char* name : {"words.png", "empty.png"}) {
    EXPECT_EQ(readPictureInfo(folder / name).error().kind, ErrorKind::BadFile);
    EXPECT_EQ(readImage(folder / name).error().kind, ErrorKind::BadFile);
  }
}

TEST(PictureFile, refusesPixelsThatAreCutShortWhateverTheFormat) {
  const TemporaryFolder folder;
  for (const char* name : {"a.png", "a.webp"}) {
    writePicture(gradient(64, 64), duckMetadata(), folder / name).value();
    ByteVector bytes = fileBytes(folder / name);
    bytes.resize(bytes.size() / 2);
    writeBytes(folder / (std::string("cut-") + name), bytes);
    EXPECT_FALSE(readImage(folder / (std::string("cut-") + name))) << name;
  }
}

TEST(PictureFile, thatIsCutShortIsRefusedWithoutSettingsAndToldWithThem) {
  const TemporaryFolder folder;
  writePicture(gradient(64, 64), duckMetadata(), folder / "a.png").value();
  const ByteVector bytes = fileBytes(folder / "a.png");
  writeBytes(folder / "head.png", ByteSpan(bytes).first(60));
  writeBytes(folder / "most.png", ByteSpan(bytes).first(bytes.size() - 20));
  testing::internal::CaptureStderr();
  const Result<PictureInfo> head = readPictureInfo(folder / "head.png");
  const Result<PictureInfo> most = readPictureInfo(folder / "most.png");
  const Result<Image> pixels = readImage(folder / "most.png");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "") << "the decoder's own messages";
  EXPECT_EQ(head.error().message, "The picture head.png is broken or cut short.");
  EXPECT_FALSE(pixels);
  EXPECT_FALSE(pixels.error().detail.empty());
  ASSERT_TRUE(most) << most.error().message;
  EXPECT_FALSE(most.value().request.values.prompt.empty());
  ASSERT_FALSE(most.value().notes.empty());
  EXPECT_EQ(most.value().notes.back().kind, NoteKind::CutShort);
}

TEST(PictureFile, refusesHugePicturesBeforeDecodingThem) {
  const TemporaryFolder folder;
  const auto path = writePicture(gradient(8, 8), duckMetadata(), folder / "a.png").value();
  ByteVector bytes = fileBytes(path);
  bytes[18] = 0x40, bytes[19] = 0x01;  // 16385 wide
  writeBytes(folder / "huge.png", bytes);
  const Result<Image> image = readImage(folder / "huge.png");
  ASSERT_FALSE(image);
  EXPECT_NE(image.error().message.find("16384"), std::string::npos);
}

TEST(PictureFile, survivesEveryCutOfItsHead) {
  const TemporaryFolder folder;
  for (const char* name : {"a.png", "a.jpg", "a.webp"}) {
    writePicture(gradient(8, 8), duckMetadata(), folder / name).value();
    const ByteVector bytes = fileBytes(folder / name);
    for (std::size_t length = 0; length < bytes.size(); length += 7) {
      writeBytes(folder / "cut", ByteSpan(bytes).first(length));
      const Result<PictureInfo> info = readPictureInfo(folder / "cut");
      EXPECT_TRUE(info || !info.error().message.empty());
    }
  }
}

TEST(PictureFile, readsRealPicturesOfA1111) {
  STUDIO_NEED_TEST_DATA("metadata/automatic1111_cropped.png");
  for (const char* name : {"metadata/automatic1111_cropped.png", "metadata/automatic1111_cropped.jpg"}) {
    const Result<PictureInfo> info = readPictureInfo(tests::testData(name));
    ASSERT_TRUE(info) << info.error().message;
    EXPECT_EQ(info.value().source, "A1111");
    EXPECT_EQ(info.value().request.values.prompt, "photo of a duck");
    EXPECT_EQ(info.value().request.values.negativePrompt, "monochrome");
    EXPECT_EQ(info.value().request.values.seed, Seed{235284042});
    EXPECT_EQ(info.value().request.values.sampler, Sampler::UniPC);
    EXPECT_EQ(info.value().modelHash, "c0d1994c73");
  }
}

}  // namespace
}  // namespace studio::engine
