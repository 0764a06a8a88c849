#include "engine/api/image_io.h"
#include "engine/image/byte_source.h"
#include "engine/image/dialects/dialects.h"
#include "engine/image/hidden_text.h"
#include "engine/image/jpeg_container.h"
#include "engine/image/latent_header.h"
#include "engine/image/pixel_codec.h"
#include "engine/image/png_chunks.h"
#include "engine/image/studio_json.h"
#include "engine/image/text_encoding.h"
#include "engine/image/webp_container.h"

#include <array>
#include <new>
#include <optional>
#include <string>
#include <utility>
#include <vector>

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
  throw EngineException(ErrorKind::BadFile,
                        sentence("%1 is not a PNG, JPEG or WebP picture.", utf8FromPath(path.filename())),
                        utf8FromPath(path));
}

/// What a file holds beside its pixels.
struct Contents {
  PixelSize size;
  std::vector<PngText> texts;
  bool mayHideText = false;  ///< its pixels are kept bit for bit
  bool cutShort = false;
};

template <class Description>
Contents contentsOf(Description description) {
  Contents contents{description.size, std::move(description.texts)};
  if (description.comment) contents.texts.insert(contents.texts.begin(), {"UserComment", *description.comment});
  return contents;
}

Contents contentsOf(const ByteSource& source, PixelFormat format) {
  switch (format) {
    case PixelFormat::Png: {
      PngDescription png = scanPng(source);
      return {png.size, std::move(png.texts), true, png.cutShort};
    }
    case PixelFormat::Jpeg:
      return contentsOf(scanJpeg(source));
    case PixelFormat::WebP: {
      WebPDescription webp = scanWebP(source);
      const bool alpha = webp.alpha;
      Contents contents = contentsOf(std::move(webp));
      contents.mayHideText = alpha;
      return contents;
    }
  }
  return {};
}

/// Throws for damaged pixels: without them nothing can be said about a picture that has no other text.
std::optional<std::string> hiddenTextIn(const std::filesystem::path& path, PixelFormat format, PixelSize size) {
  if (size.width > kLargestSide || size.height > kLargestSide) return std::nullopt;
  return hiddenTextOf(path, format, size);
}

PictureInfo infoFrom(const ByteSource& source, PixelFormat format, const std::filesystem::path& path) {
  Contents contents = contentsOf(source, format);
  const PixelSize size = contents.size;
  PictureInfo info = readDialects(PictureTexts(std::move(contents.texts)));
  if (info.source.empty() && contents.mayHideText) {
    if (auto text = hiddenTextIn(path, format, size)) {
      info = readDialects(PictureTexts({{kParametersKeyword, utf8FromUnknown(*text)}}));
    }
  }
  if (contents.cutShort && info.source.empty()) {
    throw EngineException(ErrorKind::BadFile,
                          sentence("The picture %1 is broken or cut short.", utf8FromPath(path.filename())));
  }
  if (contents.cutShort) info.notes.push_back({NoteKind::CutShort, {}, {}});
  info.size = size;
  return info;
}

/// What a latent becomes.
PictureInfo infoOf(const LatentHeader& latent) {
  PictureInfo info = readDialects(PictureTexts({{kStudioKeyword, latent.studioText}}));
  info.size = info.request.values.size;
  return info;
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
    if (const auto latent = readLatentHeader(source)) return infoOf(*latent);
    return infoFrom(source, knownFormat(source, path), path);
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
