#include "engine/pipeline/twin_file.h"

#include "engine/api/units.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <system_error>

#include <sys/stat.h>

namespace studio::engine {
namespace {

/// "apple-2.png" comes after "apple-1.png", and that after "apple.png".
std::optional<std::filesystem::path> nameBefore(const std::filesystem::path& written,
                                                const std::filesystem::path& wanted) {
  const std::string stem = utf8FromPath(wanted.stem()) + "-", taken = utf8FromPath(written.stem());
  if (!taken.starts_with(stem)) return std::nullopt;
  int number = 0;
  const auto [end, failed] = std::from_chars(taken.data() + stem.size(), taken.data() + taken.size(), number);
  if (failed != std::errc() || end != taken.data() + taken.size() || number < 1) return std::nullopt;
  if (number == 1) return wanted;
  std::filesystem::path before = wanted;
  before.replace_filename(pathFromUtf8(stem + std::to_string(number - 1)));
  before += wanted.extension();
  return before;
}

bool isYoung(const std::filesystem::path& path, std::time_t since) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && status.st_mtime >= since;
}

bool haveSameBytes(const std::filesystem::path& a, const std::filesystem::path& b) {
  std::error_code unknown;
  if (std::filesystem::file_size(a, unknown) != std::filesystem::file_size(b, unknown) || unknown) return false;
  std::ifstream first(a, std::ios::binary), second(b, std::ios::binary);
  using Iterator = std::istreambuf_iterator<char>;
  return first && second && std::equal(Iterator(first), Iterator(), Iterator(second), Iterator());
}

}  // namespace

std::filesystem::path withoutTwin(const std::filesystem::path& written, const std::filesystem::path& wanted,
                                  std::time_t since) {
  const auto before = nameBefore(written, wanted);
  if (!before || !isYoung(*before, since) || !haveSameBytes(*before, written)) return written;
  std::error_code failed;
  std::filesystem::remove(written, failed);
  return failed ? written : *before;
}

}  // namespace studio::engine
