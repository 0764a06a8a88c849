#pragma once

#include <ctime>
#include <filesystem>

namespace studio::engine {

/// A job that was ended right after it wrote a file may not know of it and write it again, under the next free name.
/// Takes the new file away when the one of the name before it has the same bytes and is not older than `since`.
/// `wanted` is the name without a suffix. Returns the path that stays.
std::filesystem::path withoutTwin(const std::filesystem::path& written, const std::filesystem::path& wanted,
                                  std::time_t since);

}  // namespace studio::engine
