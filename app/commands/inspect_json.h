#pragma once

#include "app/commands/event_json.h"
#include "engine/api/image_io.h"
#include "engine/api/inspector.h"
#include "engine/api/needed_files.h"

#include <filesystem>
#include <vector>

namespace studio::app {

/// What `studio inspect --json` prints: "type" is "model", "lora", "other" or "picture".
Json fileJson(const engine::FileInfo& info);
/// `files` is what findNeededFiles said.
Json pictureJson(const std::filesystem::path& path, const engine::PictureInfo& info,
                 const std::vector<engine::NeededFile>& files);

}  // namespace studio::app
