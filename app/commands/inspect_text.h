#pragma once

#include "engine/api/image_io.h"
#include "engine/api/inspector.h"

#include <filesystem>
#include <string>

namespace studio::app {

/// What `studio inspect` prints for people: aligned rows, free of control characters.
std::string fileText(const engine::FileInfo& info);
std::string pictureText(const std::filesystem::path& path, const engine::PictureInfo& info);

}  // namespace studio::app
