#pragma once

#include <filesystem>
#include <vector>

namespace studio::engine {

/// The weight files of one part of a diffusers model, e.g. its "unet" folder: one file, or all shards that its index
/// names. Of several variants the plain one counts, then fp16, then any; safetensors come before .bin.
/// Empty when there are none. Throws EngineException: BadFile, MissingFile when a shard is absent.
std::vector<std::filesystem::path> weightFilesOf(const std::filesystem::path& folder);

}  // namespace studio::engine
