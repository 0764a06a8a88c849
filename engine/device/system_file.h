#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Small files of /proc and /sys. They may be missing, unreadable, or say anything at all; nothing here throws.
namespace studio::engine {

/// The file, at most `most` bytes of it; empty where it cannot be read. Zero bytes become blanks.
std::string textOf(const std::filesystem::path& file, std::size_t most = 64 << 10);

/// Its first line without blanks around it, at most 256 bytes.
std::string lineOf(const std::filesystem::path& file);

/// The text as a whole number, and nothing else before its end or a blank; nothing where it is none.
std::optional<std::int64_t> numberFrom(std::string_view text);
/// A file that begins with a number of 0 or more.
std::optional<std::int64_t> numberOf(const std::filesystem::path& file);
/// A file like "0x10de".
std::optional<unsigned> hexadecimalIn(const std::filesystem::path& file);

/// What a link points to, its last part; empty where it is none. A file in its place counts by its first line.
std::string linkNameOf(const std::filesystem::path& link);

/// What is in a folder, by name, at most so many.
std::vector<std::filesystem::path> entriesOf(const std::filesystem::path& folder, std::size_t most);

}  // namespace studio::engine
