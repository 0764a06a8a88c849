#pragma once

#include <filesystem>
#include <stop_token>
#include <string>

namespace studio::engine {

/// First ten hex digits of a file's SHA-256, the form A1111 names models by. Kept in `cacheFolder` by path, size and
/// time, so that a file is read once. Empty for folders and when the file cannot be read. Throws Cancelled.
std::string modelHash(const std::filesystem::path& file, const std::filesystem::path& cacheFolder,
                      const std::stop_token& stop);

}  // namespace studio::engine
