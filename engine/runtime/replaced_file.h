#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace studio::engine {

/// Whether a written file must outlive a power cut, or only the process.
enum class Durability { OfProcess, OfPowerCut };

/// Puts the bytes in a file's place whole or not at all: written to a temporary name in the same folder, synced,
/// renamed, the folder synced. One writer at a time for each folder. Throws EngineException(CannotWrite) and leaves
/// what was there.
void replaceFile(const std::filesystem::path& path, std::string_view bytes, Durability durability);

/// The file's bytes, or their beginning when `most` is smaller than `whole` allows: at most `most` are read. Nothing
/// when it is not there, is no plain file, cannot be read, or has more than `largest` bytes.
std::optional<std::string> readFileWithin(const std::filesystem::path& path, std::size_t most, std::size_t largest);

}  // namespace studio::engine
