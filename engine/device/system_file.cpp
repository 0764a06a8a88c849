#include "engine/device/system_file.h"

#include <algorithm>
#include <charconv>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace studio::engine {
namespace {

namespace fs = std::filesystem;

std::string_view withoutBlanks(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

}  // namespace

std::string textOf(const fs::path& file, std::size_t most) {
  const int handle = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (handle < 0) return {};
  std::string text(most, '\0');
  std::size_t size = 0;
  while (size < most) {
    const ssize_t count = ::read(handle, text.data() + size, most - size);
    if (count <= 0) break;
    size += static_cast<std::size_t>(count);
  }
  ::close(handle);
  text.resize(size);
  std::replace(text.begin(), text.end(), '\0', ' ');
  return text;
}

std::string lineOf(const fs::path& file) {
  const std::string text = textOf(file, 256);
  return std::string(withoutBlanks(std::string_view(text).substr(0, text.find('\n'))));
}

std::optional<std::int64_t> numberFrom(std::string_view text) {
  text = withoutBlanks(text);
  text = text.substr(0, text.find_first_of(" \t\r\n"));
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<std::int64_t> numberOf(const fs::path& file) {
  const auto number = numberFrom(lineOf(file));
  return number && *number >= 0 ? number : std::nullopt;
}

std::optional<unsigned> hexadecimalIn(const fs::path& file) {
  const std::string line = lineOf(file);
  const std::string_view text = line;
  if (!text.starts_with("0x")) return std::nullopt;
  unsigned number = 0;
  const auto [end, error] = std::from_chars(text.data() + 2, text.data() + text.size(), number, 16);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string linkNameOf(const fs::path& link) {
  std::error_code unknown;
  const fs::path target = fs::read_symlink(link, unknown);
  return unknown ? lineOf(link) : target.filename().string();
}

std::vector<fs::path> entriesOf(const fs::path& folder, std::size_t most) {
  std::vector<fs::path> entries;
  std::error_code unknown;
  for (fs::directory_iterator entry(folder, unknown), end; !unknown && entry != end && entries.size() < most;
       entry.increment(unknown))
    entries.push_back(entry->path());
  std::sort(entries.begin(), entries.end());
  return entries;
}

}  // namespace studio::engine
