#pragma once

#include "engine/api/image_io.h"

#include <optional>
#include <string>

namespace studio::engine {

/// Keywords of the text chunks this studio writes.
inline constexpr const char* kParametersKeyword = "parameters";
inline constexpr const char* kStudioKeyword = "studio";

/// Everything that decides the picture as one JSON object of ASCII characters; files by name only.
std::string studioJson(const PictureMetadata& metadata);

/// What such a text says, without size and parameters; nothing when it is not one or is damaged.
std::optional<PictureInfo> pictureInfoFromStudioJson(const std::string& text);

}  // namespace studio::engine
