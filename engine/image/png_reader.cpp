#include "engine/image/png_reader.h"

#include <png.h>

#include <algorithm>
#include <csetjmp>
#include <memory>
#include <new>
#include <string>
#include <utility>
#include <vector>

namespace studio::engine {
namespace {

/// What libpng's callbacks share with us. They run between C frames, so they only note what went wrong.
struct Input {
  const ByteSource* source = nullptr;
  std::uint64_t offset = 0;
  std::string error;
};

void onRead(png_structp png, png_bytep data, std::size_t length) {
  auto* input = static_cast<Input*>(png_get_io_ptr(png));
  if (input->source->read(input->offset, {data, length}) != length) png_error(png, "the file ends early");
  input->offset += length;
}

void onReadError(png_structp png, png_const_charp message) {
  auto* input = static_cast<Input*>(png_get_error_ptr(png));
  if (input->error.empty()) input->error = message;
  png_longjmp(png, 1);
}

void onReadWarning(png_structp, png_const_charp) {}

/// Up to the pixels. libpng leaves by longjmp on errors, so nothing with a destructor is made in here.
bool readHead(png_structp png, png_infop info) {
  if (setjmp(png_jmpbuf(png)) != 0) return false;
  // Texts are read elsewhere, within limits; here they would only cost memory.
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, nullptr, -1);
  png_read_info(png, info);
  png_set_expand(png);
  png_set_scale_16(png);
  png_set_gray_to_rgb(png);
  png_set_interlace_handling(png);
  png_read_update_info(png, info);
  return true;
}

/// `passes` is more than one for interlaced pictures, whose rows fill up from pass to pass.
bool readRows(png_structp png, png_bytep pixels, std::size_t rowBytes, png_uint_32 height, png_uint_32 wanted,
              png_bytep spare, int passes) {
  if (setjmp(png_jmpbuf(png)) != 0) return false;
  for (int pass = 0; pass < passes; ++pass) {
    const png_uint_32 rows = pass + 1 < passes ? height : wanted;
    for (png_uint_32 row = 0; row < rows; ++row)
      png_read_row(png, row < wanted ? pixels + row * rowBytes : spare, nullptr);
  }
  return true;
}

/// libpng's two structures, which must go together.
struct Reader {
  explicit Reader(Input& input) {
    png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &input, onReadError, onReadWarning);
    info = png != nullptr ? png_create_info_struct(png) : nullptr;
    if (info != nullptr) png_set_read_fn(png, &input, onRead);
  }
  ~Reader() { png_destroy_read_struct(&png, &info, nullptr); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  png_structp png = nullptr;
  png_infop info = nullptr;
};

}  // namespace

std::optional<Image> decodePng(const ByteSource& source, int rows, std::string& why) {
  Input input{&source, 0, {}};
  Reader reader(input);
  if (reader.info == nullptr) throw std::bad_alloc();
  if (!readHead(reader.png, reader.info)) {
    why = input.error;
    return std::nullopt;
  }
  const png_uint_32 width = png_get_image_width(reader.png, reader.info);
  const png_uint_32 height = png_get_image_height(reader.png, reader.info);
  const png_uint_32 wanted = std::min(height, static_cast<png_uint_32>(std::max(rows, 1)));
  const int channels = png_get_channels(reader.png, reader.info);
  const std::size_t rowBytes = png_get_rowbytes(reader.png, reader.info);
  const int passes = png_get_interlace_type(reader.png, reader.info) == PNG_INTERLACE_NONE ? 1 : 7;
  std::vector<std::uint8_t> pixels(rowBytes * wanted);
  std::vector<std::uint8_t> spare(passes > 1 ? rowBytes : 0);
  if (!readRows(reader.png, pixels.data(), rowBytes, height, wanted, spare.data(), passes)) {
    why = input.error;
    return std::nullopt;
  }
  return Image{{static_cast<int>(width), static_cast<int>(wanted)},
               channels,
               std::make_shared<const std::vector<std::uint8_t>>(std::move(pixels))};
}

}  // namespace studio::engine
