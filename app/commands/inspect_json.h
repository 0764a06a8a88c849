#pragma once

#include "app/commands/event_json.h"
#include "engine/api/image_io.h"
#include "engine/api/inspector.h"

#include <filesystem>

namespace studio::app {

/// What `studio inspect --json` prints: "type" is "model", "lora", "other" or "picture".
Json fileJson(const engine::FileInfo& info);
Json pictureJson(const std::filesystem::path& path, const engine::PictureInfo& info);

}  // namespace studio::app
