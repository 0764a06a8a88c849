#pragma once

#include "engine/api/image.h"
#include "engine/image/byte_source.h"

#include <optional>
#include <string>

namespace studio::engine {

/// Decodes the first `rows` rows of a PNG whose size has been looked at before: 8 bits, RGB, or RGBA where it has
/// transparency; no colour is converted. Nothing when it is damaged: `why` is libpng's reason then, which ends on no
/// stream. Throws std::bad_alloc.
std::optional<Image> decodePng(const ByteSource& source, int rows, std::string& why);

}  // namespace studio::engine
