#pragma once

#include "engine/api/image.h"
#include "engine/image/byte_source.h"

#include <filesystem>

namespace studio::engine {

enum class PixelFormat { Png, Jpeg, WebP };

/// Decodes a file whose format and size have been looked at before. Grey becomes RGB, 16 bits become 8.
/// Throws BadFile or OutOfMemory.
Image decodePixels(const std::filesystem::path& path, PixelFormat format);

/// JPEG or WebP without metadata; alpha is dropped for JPEG. `quality` is 1 … 100. Throws CannotWrite or OutOfMemory.
ByteVector encodePixels(const Image& image, PixelFormat format, int quality);

}  // namespace studio::engine
