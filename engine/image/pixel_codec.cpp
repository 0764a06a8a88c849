#include "engine/image/pixel_codec.h"

#include "engine/api/engine_error.h"
#include "engine/image/png_reader.h"

#include <OpenImageIO/filesystem.h>
#include <OpenImageIO/imageio.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <new>
#include <optional>
#include <string>

namespace studio::engine {
namespace {

const char* pluginName(PixelFormat format) {
  switch (format) {
    case PixelFormat::Png:
      return "png";
    case PixelFormat::Jpeg:
      return "jpeg";
    case PixelFormat::WebP:
      return "webp";
  }
  return "png";
}

[[noreturn]] void throwBroken(const std::filesystem::path& path, const std::string& detail) {
  throw EngineException(ErrorKind::BadFile,
                        sentence("The picture %1 is broken or cut short.", utf8FromPath(path.filename())), detail);
}

/// One or two channels (grey, grey and alpha) to three or four; more than four are cut.
std::vector<std::uint8_t> toColour(const std::vector<std::uint8_t>& pixels, int from, int to) {
  const std::size_t count = pixels.size() / static_cast<std::size_t>(from);
  std::vector<std::uint8_t> result(count * static_cast<std::size_t>(to));
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint8_t* source = pixels.data() + i * static_cast<std::size_t>(from);
    std::uint8_t* target = result.data() + i * static_cast<std::size_t>(to);
    for (int c = 0; c < std::min(to, 3); ++c) target[c] = source[from < 3 ? 0 : c];
    if (to == 4) target[3] = source[from - 1];
  }
  return result;
}

Image decode(const std::filesystem::path& path, PixelFormat format, int rows) {
  // By name of the plugin: a file never chooses its decoder by its extension.
  const std::unique_ptr<OIIO::ImageInput> input = OIIO::ImageInput::create(pluginName(format));
  if (!input) throwBroken(path, OIIO::geterror());
  OIIO::ImageSpec wish;
  wish["oiio:UnassociatedAlpha"] = 1;
  OIIO::ImageSpec spec;
  if (!input->open(utf8FromPath(path), spec, wish)) throwBroken(path, input->geterror());
  if (spec.width <= 0 || spec.height <= 0 || spec.nchannels <= 0 || spec.nchannels > 8) throwBroken(path, "bad size");
  const int height = std::min(rows, spec.height);
  std::vector<std::uint8_t> pixels(static_cast<std::size_t>(spec.width) * static_cast<std::size_t>(height) *
                                   static_cast<std::size_t>(spec.nchannels));
  if (!input->read_scanlines(0, 0, spec.y, spec.y + height, 0, 0, spec.nchannels, OIIO::TypeDesc::UINT8, pixels.data()))
    throwBroken(path, input->geterror());
  const int channels = spec.nchannels == 2 || spec.nchannels >= 4 ? 4 : 3;
  if (spec.nchannels != channels) pixels = toColour(pixels, spec.nchannels, channels);
  return {{spec.width, height}, channels, std::make_shared<const std::vector<std::uint8_t>>(std::move(pixels))};
}

OIIO::ImageSpec encodingSpec(const Image& image, PixelFormat format, int quality) {
  const int channels = format == PixelFormat::Jpeg ? 3 : image.channels;
  OIIO::ImageSpec spec(image.size.width, image.size.height, channels, OIIO::TypeDesc::UINT8);
  const std::string prefix = format == PixelFormat::Jpeg ? "jpeg:" : "webp:";
  spec.attribute("Compression", prefix + std::to_string(quality));
  spec.attribute("oiio:UnassociatedAlpha", 1);
  // Chroma at full resolution where people asked for quality: flat drawings show it.
  if (format == PixelFormat::Jpeg && quality >= 90) spec.attribute("jpeg:subsampling", "4:4:4");
  return spec;
}

}  // namespace

Image decodePixels(const std::filesystem::path& path, PixelFormat format) {
  return decodeTopRows(path, format, std::numeric_limits<int>::max());
}

Image decodeTopRows(const std::filesystem::path& path, PixelFormat format, int rows) try {
  if (format != PixelFormat::Png) return decode(path, format, rows);
  std::string why;
  std::optional<Image> image = decodePng(FileSource(path), rows, why);
  if (!image) throwBroken(path, why);
  return std::move(*image);
} catch (const std::bad_alloc&) {
  throw EngineException(ErrorKind::OutOfMemory, "There is not enough memory to open the picture.", utf8FromPath(path));
}

ByteVector encodePixels(const Image& image, PixelFormat format, int quality) try {
  ByteVector bytes;
  OIIO::Filesystem::IOVecOutput memory(bytes);
  const std::unique_ptr<OIIO::ImageOutput> output = OIIO::ImageOutput::create(pluginName(format));
  const auto fail = [&](const std::string& detail) {
    throw EngineException(
        ErrorKind::CannotWrite,
        sentence("The picture could not be encoded as %1.", format == PixelFormat::Jpeg ? "JPEG" : "WebP"), detail);
  };
  if (!output) fail(OIIO::geterror());
  if (!output->set_ioproxy(&memory)) fail("no output to memory");
  const OIIO::ImageSpec spec = encodingSpec(image, format, quality);
  const std::string name = format == PixelFormat::Jpeg ? "picture.jpg" : "picture.webp";
  if (!output->open(name, spec)) fail(output->geterror());
  const auto stride = static_cast<OIIO::stride_t>(image.channels);
  if (!output->write_image(OIIO::TypeDesc::UINT8, image.pixels->data(), stride)) fail(output->geterror());
  if (!output->close()) fail(output->geterror());
  return bytes;
} catch (const std::bad_alloc&) {
  throw EngineException(ErrorKind::OutOfMemory, "There is not enough memory to encode the picture.", "");
}

}  // namespace studio::engine
