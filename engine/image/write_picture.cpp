#include "engine/api/image_io.h"
#include "engine/image/exif.h"
#include "engine/image/jpeg_container.h"
#include "engine/image/lora_tags.h"
#include "engine/image/new_file.h"
#include "engine/image/pixel_codec.h"
#include "engine/image/png_writer.h"
#include "engine/image/studio_json.h"
#include "engine/image/text_encoding.h"
#include "engine/image/webp_container.h"

#include <algorithm>
#include <new>
#include <optional>
#include <string>

namespace studio::engine {
namespace {

constexpr int kLargestWebP = 16383;  ///< of the format itself
constexpr int kLargestJpeg = 65535;

[[noreturn]] void refuse(ErrorKind kind, const Sentence& wording, const std::string& detail = "") {
  throw EngineException(kind, wording, detail);
}

PixelFormat formatOf(const std::filesystem::path& path) {
  std::string extension = utf8FromPath(path.extension());
  for (char& c : extension) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  if (extension == ".png") return PixelFormat::Png;
  if (extension == ".jpg" || extension == ".jpeg") return PixelFormat::Jpeg;
  if (extension == ".webp") return PixelFormat::WebP;
  refuse(ErrorKind::BadRequest, sentence("Pictures are written as .png, .jpg or .webp, not as \"%1\".", extension),
         utf8FromPath(path));
}

void checkImage(const Image& image) {
  const bool sized = image.size.width > 0 && image.size.height > 0 && (image.channels == 3 || image.channels == 4);
  const auto wanted = static_cast<std::size_t>(image.size.width) * static_cast<std::size_t>(image.size.height) *
                      static_cast<std::size_t>(image.channels);
  if (!sized || image.empty() || image.pixels->size() != wanted) {
    refuse(ErrorKind::Internal, sentence("The picture to write is not complete."));
  }
}

void checkSide(const Image& image, int largest, const char* format) {
  if (std::max(image.size.width, image.size.height) <= largest) return;
  refuse(ErrorKind::CannotWrite, sentence("%1 pictures end at %2 pixels a side; choose PNG.", format, largest));
}

ByteVector pngFile(const Image& image, const PictureMetadata& metadata) {
  return encodePng(image, {{kParametersKeyword, parametersText(metadata)}, {kStudioKeyword, studioJson(metadata)}});
}

ByteVector jpegFile(const Image& image, const std::string& parameters, int quality) {
  checkSide(image, kLargestJpeg, "JPEG");
  const ByteVector pixels = encodePixels(image, PixelFormat::Jpeg, quality);
  std::optional<ByteVector> file = withExif(pixels, exifWithUserComment(parameters));
  const bool ascii =
      std::all_of(parameters.begin(), parameters.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (!file && ascii) file = withExif(pixels, exifWithAsciiComment(parameters));
  if (!file)
    refuse(ErrorKind::CannotWrite,
           sentence("The prompt is too long for the metadata of a JPEG picture; choose PNG or WebP."));
  return std::move(*file);
}

ByteVector webpFile(const Image& image, const std::string& parameters, int quality) {
  checkSide(image, kLargestWebP, "WebP");
  return webpWithExif(encodePixels(image, PixelFormat::WebP, quality), exifWithUserComment(parameters));
}

ByteVector encoded(const Image& image, const PictureMetadata& metadata, PixelFormat format, int quality) {
  switch (format) {
    case PixelFormat::Png:
      return pngFile(image, metadata);
    case PixelFormat::Jpeg:
      return jpegFile(image, withoutControls(parametersText(metadata)), quality);
    case PixelFormat::WebP:
      return webpFile(image, withoutControls(parametersText(metadata)), quality);
  }
  refuse(ErrorKind::Internal, sentence("Unknown picture format."));
}

}  // namespace

Result<std::filesystem::path> writePicture(const Image& image, const PictureMetadata& metadata,
                                           const std::filesystem::path& path, int quality) try {
  checkImage(image);
  const ByteVector file = encoded(image, metadata, formatOf(path), std::clamp(quality, 1, 100));
  return writeNewFile(path, file);
} catch (const EngineException& failure) {
  return failure.error();
} catch (const std::bad_alloc&) {
  return EngineError{ErrorKind::OutOfMemory, "There is not enough memory to write the picture.", utf8FromPath(path)};
} catch (const std::exception& failure) {
  return EngineError{ErrorKind::CannotWrite, "The picture could not be written.", failure.what()};
}

}  // namespace studio::engine
