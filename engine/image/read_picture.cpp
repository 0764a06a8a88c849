#include "engine/api/image_io.h"
#include "engine/image/byte_source.h"
#include "engine/image/jpeg_container.h"
#include "engine/image/pixel_codec.h"
#include "engine/image/png_chunks.h"
#include "engine/image/studio_json.h"
#include "engine/image/webp_container.h"

#include <array>
#include <new>
#include <optional>
#include <string>

namespace studio::engine {
namespace {

constexpr int kLargestSide = 16384;

std::optional<PixelFormat> formatOf(const ByteSource& source) {
  const ByteVector start = source.readVector(0, 12);
  if (hasPngSignature(start)) return PixelFormat::Png;
  if (hasJpegSignature(start)) return PixelFormat::Jpeg;
  if (hasWebPSignature(start)) return PixelFormat::WebP;
  return std::nullopt;
}

PixelFormat knownFormat(const ByteSource& source, const std::filesystem::path& path) {
  if (const auto format = formatOf(source)) return *format;
  throw EngineException(ErrorKind::BadFile, utf8FromPath(path.filename()) + " is not a PNG, JPEG or WebP picture.",
                        utf8FromPath(path));
}

const std::string* textNamed(const PngDescription& png, const std::string& keyword) {
  for (const PngText& text : png.texts) {
    if (text.keyword == keyword) return &text.text;
  }
  return nullptr;
}

/// Our own JSON first, as it says everything; else the text that all programs share.
PictureInfo infoFromPng(const ByteSource& source) {
  const PngDescription png = scanPng(source);
  const std::string* parameters = textNamed(png, kParametersKeyword);
  const std::string* studio = textNamed(png, kStudioKeyword);
  std::optional<PictureInfo> info = studio != nullptr ? pictureInfoFromStudioJson(*studio) : std::nullopt;
  if (!info) info = parameters != nullptr ? parseParametersText(*parameters) : PictureInfo{};
  info->size = png.size;
  if (parameters != nullptr) info->parameters = *parameters;
  return std::move(*info);
}

template <class Description>
PictureInfo infoFromComment(const Description& description) {
  PictureInfo info = parseParametersText(description.comment.value_or(""));
  info.size = description.size;
  return info;
}

PictureInfo infoFrom(const ByteSource& source, PixelFormat format) {
  switch (format) {
    case PixelFormat::Png:
      return infoFromPng(source);
    case PixelFormat::Jpeg:
      return infoFromComment(scanJpeg(source));
    case PixelFormat::WebP:
      return infoFromComment(scanWebP(source));
  }
  return {};
}

PixelSize sizeOf(const ByteSource& source, PixelFormat format) {
  switch (format) {
    case PixelFormat::Png:
      return scanPng(source, {.chunks = 0}).size;
    case PixelFormat::Jpeg:
      return scanJpeg(source).size;
    case PixelFormat::WebP:
      return scanWebP(source).size;
  }
  return {};
}

/// Runs `work` and turns what it throws into a value; `path` goes into the details.
template <class Work>
auto asResult(const std::filesystem::path& path, Work work) -> Result<decltype(work())> {
  try {
    return work();
  } catch (const EngineException& failure) {
    EngineError error = failure.error();
    if (error.detail.empty()) error.detail = utf8FromPath(path);
    return error;
  } catch (const std::bad_alloc&) {
    return EngineError{ErrorKind::OutOfMemory, "There is not enough memory to open the picture.", utf8FromPath(path)};
  } catch (const std::exception& failure) {
    return EngineError{ErrorKind::BadFile, "The picture could not be read.", failure.what()};
  }
}

}  // namespace

Result<PictureInfo> readPictureInfo(const std::filesystem::path& path) {
  return asResult(path, [&path] {
    const FileSource source(path);
    return infoFrom(source, knownFormat(source, path));
  });
}

Result<Image> readImage(const std::filesystem::path& path) {
  return asResult(path, [&path] {
    const FileSource source(path);
    const PixelFormat format = knownFormat(source, path);
    const PixelSize size = sizeOf(source, format);
    if (size.width > kLargestSide || size.height > kLargestSide) {
      throw EngineException(ErrorKind::BadFile, "The picture is larger than 16384 × 16384 pixels.", utf8FromPath(path));
    }
    return decodePixels(path, format);
  });
}

}  // namespace studio::engine
