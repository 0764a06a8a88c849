#pragma once

#include "engine/api/image.h"
#include "engine/image/pixel_codec.h"

#include <filesystem>
#include <optional>
#include <string>

namespace studio::engine {

/// Rows that must be decoded to see whether a picture hides a text.
inline constexpr int kHiddenMarkRows = 120;

/// Whether the lowest bits of these pixels, the top rows of a picture `height` pixels high, start with the mark of a
/// hidden text (the "stealth" forms of A1111's extension and NovelAI, in alpha or in the colours).
bool startsHiddenText(const Image& top, int height);

/// The text, decompressed; at most 4 MiB. Nothing when there is none or it is damaged.
std::optional<std::string> hiddenText(const Image& image);

/// Looks at a file: only its top unless there is a mark. Throws what decoding throws.
std::optional<std::string> hiddenTextOf(const std::filesystem::path& path, PixelFormat format, PixelSize size);

}  // namespace studio::engine
