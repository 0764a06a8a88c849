#pragma once

#include "engine/api/image_io.h"
#include "engine/api/inspector.h"
#include "engine/api/needed_files.h"

#include <filesystem>
#include <string>
#include <vector>

namespace studio::app {

/// What `studio inspect` prints for people: aligned rows, free of control characters.
std::string fileText(const engine::FileInfo& info);
/// `files` is what findNeededFiles said.
std::string pictureText(const std::filesystem::path& path, const engine::PictureInfo& info,
                        const std::vector<engine::NeededFile>& files);

}  // namespace studio::app
