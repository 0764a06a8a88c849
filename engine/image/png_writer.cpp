#include "engine/image/png_writer.h"

#include "engine/api/engine_error.h"
#include "engine/image/text_encoding.h"

#include <png.h>

#include <csetjmp>
#include <new>
#include <string>

namespace studio::engine {
namespace {

/// What libpng's callbacks share with us. They run between C frames, so they only note what went wrong.
struct Output {
  ByteVector bytes;
  std::string error;
  bool outOfMemory = false;
};

void onWrite(png_structp png, png_bytep data, std::size_t length) {
  auto* output = static_cast<Output*>(png_get_io_ptr(png));
  try {
    output->bytes.insert(output->bytes.end(), data, data + length);
    return;
  } catch (const std::bad_alloc&) {
    output->outOfMemory = true;
  }
  png_error(png, "out of memory");
}

void onError(png_structp png, png_const_charp message) {
  auto* output = static_cast<Output*>(png_get_error_ptr(png));
  if (output->error.empty()) output->error = message;
  png_longjmp(png, 1);
}

void onWarning(png_structp, png_const_charp) {}

/// A text in the form libpng takes. `stored` outlives the call that writes it.
struct EncodedText {
  std::string keyword;
  std::string stored;
  bool international = false;
};

EncodedText encodeText(const PngText& text) {
  const std::string clean = withoutControls(text.text);
  std::optional<std::string> latin1 = latin1FromUtf8(clean);
  // Readers that guess would take such bytes for UTF-8.
  const bool mistakable = latin1 && *latin1 != clean && isUtf8(*latin1);
  if (latin1 && !mistakable) return {text.keyword, std::move(*latin1), false};
  return {text.keyword, repairedUtf8(clean), true};
}

std::vector<png_text> libpngTexts(std::vector<EncodedText>& texts) {
  static char noLanguage[] = "";
  std::vector<png_text> result;
  result.reserve(texts.size());
  for (EncodedText& text : texts) {
    png_text entry{};
    entry.compression = text.international ? PNG_ITXT_COMPRESSION_NONE : PNG_TEXT_COMPRESSION_NONE;
    entry.key = text.keyword.data();
    entry.text = text.stored.data();
    (text.international ? entry.itxt_length : entry.text_length) = text.stored.size();
    entry.lang = noLanguage;
    entry.lang_key = noLanguage;
    result.push_back(entry);
  }
  return result;
}

/// Everything libpng does. It leaves by longjmp on errors, so nothing with a destructor is made in here.
bool writeAll(png_structp png, png_infop info, const Image& image, const png_text* texts, int textCount) {
  if (setjmp(png_jmpbuf(png)) != 0) return false;
  const auto width = static_cast<png_uint_32>(image.size.width);
  const auto height = static_cast<png_uint_32>(image.size.height);
  png_set_IHDR(png, info, width, height, 8, image.channels == 4 ? PNG_COLOR_TYPE_RGB_ALPHA : PNG_COLOR_TYPE_RGB,
               PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_set_sRGB(png, info, PNG_sRGB_INTENT_PERCEPTUAL);
  png_set_text(png, info, texts, textCount);
  png_write_info(png, info);
  const std::size_t rowBytes = std::size_t{width} * static_cast<std::size_t>(image.channels);
  for (png_uint_32 row = 0; row < height; ++row) png_write_row(png, image.pixels->data() + row * rowBytes);
  png_write_end(png, nullptr);
  return true;
}

}  // namespace

ByteVector encodePng(const Image& image, const std::vector<PngText>& texts) {
  Output output;
  std::vector<EncodedText> encoded;
  encoded.reserve(texts.size());
  for (const PngText& text : texts) encoded.push_back(encodeText(text));
  const std::vector<png_text> entries = libpngTexts(encoded);

  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &output, onError, onWarning);
  png_infop info = png != nullptr ? png_create_info_struct(png) : nullptr;
  bool done = false;
  if (info != nullptr) {
    png_set_write_fn(png, &output, onWrite, nullptr);
    done = writeAll(png, info, image, entries.data(), static_cast<int>(entries.size()));
  }
  png_destroy_write_struct(&png, &info);
  if (done) return std::move(output.bytes);
  if (output.outOfMemory || output.error.empty()) {
    throw EngineException(ErrorKind::OutOfMemory, "There is not enough memory to encode the picture.", output.error);
  }
  throw EngineException(ErrorKind::CannotWrite, "The picture could not be encoded as PNG.", output.error);
}

}  // namespace studio::engine
