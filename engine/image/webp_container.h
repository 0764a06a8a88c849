#pragma once

#include "engine/api/units.h"
#include "engine/image/byte_source.h"
#include "engine/image/png_chunks.h"

#include <optional>
#include <string>
#include <vector>

namespace studio::engine {

struct WebPDescription {
  PixelSize size;
  std::optional<std::string> comment;  ///< EXIF UserComment, UTF-8
  bool alpha = false;                  ///< has an alpha channel
  std::vector<PngText> texts;          ///< other EXIF fields, and XMP as "XML:com.adobe.xmp"
};

bool hasWebPSignature(ByteSpan start);

/// Walks the RIFF chunks; pixel data is skipped. Throws EngineException(BadFile) when no picture size is found.
WebPDescription scanWebP(const ByteSource& source);

/// The WebP with `exif` as its only EXIF chunk. A file of the simple layout becomes one of the extended layout.
/// Throws EngineException(CannotWrite) when the file is not a WebP.
ByteVector webpWithExif(ByteSpan webp, ByteSpan exif);

}  // namespace studio::engine
