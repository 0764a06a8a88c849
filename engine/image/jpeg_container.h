#pragma once

#include "engine/api/units.h"
#include "engine/image/byte_source.h"
#include "engine/image/png_chunks.h"

#include <optional>
#include <string>
#include <vector>

namespace studio::engine {

struct JpegDescription {
  PixelSize size;
  std::optional<std::string> comment;  ///< EXIF UserComment, UTF-8
  std::vector<PngText> texts;          ///< other EXIF fields, XMP as "XML:com.adobe.xmp", the comment segment "Comment"
};

bool hasJpegSignature(ByteSpan start);

/// Walks the segments in front of the pixels. Throws EngineException(BadFile) when no picture size is found.
JpegDescription scanJpeg(const ByteSource& source);

/// The JPEG with its EXIF and other application data (but not JFIF's) replaced by one segment with `exif`.
/// Nothing when the data is longer than a segment can be.
std::optional<ByteVector> withExif(ByteSpan jpeg, ByteSpan exif);

}  // namespace studio::engine
