#pragma once

#include "engine/api/image.h"
#include "engine/image/byte_source.h"
#include "engine/image/png_chunks.h"

#include <vector>

namespace studio::engine {

/// A whole PNG file, tagged sRGB, texts in front of the pixels: tEXt when they are Latin-1, else uncompressed iTXt
/// with an empty language. Keywords are Latin-1, 1 to 79 bytes. Throws CannotWrite or OutOfMemory.
ByteVector encodePng(const Image& image, const std::vector<PngText>& texts);

}  // namespace studio::engine
