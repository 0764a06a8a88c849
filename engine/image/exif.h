#pragma once

#include "engine/image/byte_source.h"
#include "engine/image/png_chunks.h"

#include <optional>
#include <string>
#include <vector>

namespace studio::engine {

/// UserComment (tag 0x9286) out of TIFF-structured EXIF data, as UTF-8. Character codes UNICODE (UTF-16 in either
/// byte order), ASCII and none are understood. Every offset and count is bounded; broken data has no comment.
std::optional<std::string> exifUserComment(ByteSpan tiff);

/// The other fields programs put text into: ImageDescription, Make, Model, Software, MakerNote, under these names.
std::vector<PngText> exifTexts(ByteSpan tiff);

/// TIFF-structured EXIF data with the text as UserComment in the form A1111 writes: UNICODE, big-endian UTF-16.
ByteVector exifWithUserComment(const std::string& text);

/// The same with the character code ASCII, for text that would be too long in UTF-16. ASCII characters only.
ByteVector exifWithAsciiComment(const std::string& text);

/// Skips an "Exif\0\0" in front of the TIFF data, which JPEG demands and some programs write into WebP too.
ByteSpan withoutExifMarker(ByteSpan bytes);

}  // namespace studio::engine
