#pragma once

#include "engine/api/image.h"
#include "engine/image/byte_source.h"

#include <filesystem>

namespace studio::engine {

enum class PixelFormat { Png, Jpeg, WebP };

/// Decodes a file whose format and size have been looked at before. Grey becomes RGB, 16 bits become 8.
/// Throws BadFile or OutOfMemory.
Image decodePixels(const std::filesystem::path& path, PixelFormat format);

/// The same for the first `rows` rows only, for a look that costs little: the file is decoded no further than that
/// where its format allows it. The size of the result is that of the part.
Image decodeTopRows(const std::filesystem::path& path, PixelFormat format, int rows);

/// JPEG or WebP without metadata; alpha is dropped for JPEG. `quality` is 1 … 100. Throws CannotWrite or OutOfMemory.
ByteVector encodePixels(const Image& image, PixelFormat format, int quality);

}  // namespace studio::engine
