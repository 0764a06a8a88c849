#pragma once

#include "engine/api/generation_request.h"

#include <filesystem>
#include <string>
#include <vector>

namespace studio::app {

/// "FILE" or "FILE:weight"; a colon inside the path stays with the path. Throws BadRequest for a weight that is none.
engine::LoraUse loraFromArgument(const std::string& text);

/// The file that is meant: the path itself, else that name in one of the folders. Throws MissingFile.
std::filesystem::path findLora(const std::filesystem::path& file, const std::vector<std::filesystem::path>& folders);

}  // namespace studio::app
