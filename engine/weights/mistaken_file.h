#pragma once

#include "engine/api/sentence.h"

#include <optional>
#include <string>
#include <string_view>

namespace studio::engine {

/// How many first bytes mistakenFile() looks at.
inline constexpr std::size_t kMistakenFileBytes = 64;

/// With the file's name.
inline constexpr const char* kPictureAsModel = "%1 is a picture, not a model.";

/// What a file that holds no tensors really is, where its first bytes tell: nothing at all, the pointer that Git leaves
/// in a large file's place, a page of a web site that wanted a login, a picture, or a pickle by itself.
std::optional<Sentence> mistakenFile(const std::string& name, std::string_view start);

}  // namespace studio::engine
