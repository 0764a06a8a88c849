#include "app/commands/output_argument.h"

#include "app/commands/command_failure.h"
#include "engine/api/engine_options.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>
#include <system_error>

namespace studio::app {
namespace {

bool isFolder(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::is_directory(path, ignored);
}

bool isPictureExtension(std::string extension) {
  constexpr std::array<std::string_view, 4> kKnown{".png", ".jpg", ".jpeg", ".webp"};
  for (char& c : extension) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return std::find(kKnown.begin(), kKnown.end(), extension) != kKnown.end();
}

/// The deepest folder of the path that is there; the ones below it will be made.
std::filesystem::path existingFolder(std::filesystem::path folder) {
  std::error_code ignored;
  while (!folder.empty() && !std::filesystem::exists(folder, ignored)) {
    if (folder == folder.parent_path()) break;
    folder = folder.parent_path();
  }
  return folder.empty() ? std::filesystem::path(".") : folder;
}

void checkWritable(const std::filesystem::path& file) {
  const std::filesystem::path folder = existingFolder(file.parent_path());
  const std::string name = "\"" + engine::utf8FromPath(folder) + "\"";
  if (!isFolder(folder)) {
    throw engine::EngineException(engine::ErrorKind::CannotWrite,
                                  name + " is not a folder; choose another place with --out.");
  }
  if (::access(folder.c_str(), W_OK | X_OK) != 0) {
    throw engine::EngineException(engine::ErrorKind::CannotWrite,
                                  "The folder " + name + " may not be written to; choose another one with --out.");
  }
}

/// A misspelt placeholder would become part of the file's name.
void checkPlaceholders(const std::string& pattern) {
  constexpr std::array<std::string_view, 4> kKnown{"{index}", "{seed}", "{date}", "{model}"};
  for (std::size_t open = pattern.find('{'); open != std::string::npos; open = pattern.find('{', open + 1)) {
    const std::size_t close = pattern.find('}', open);
    if (close == std::string::npos) return;
    const std::string name = pattern.substr(open, close + 1 - open);
    if (std::find(kKnown.begin(), kKnown.end(), name) == kKnown.end()) {
      refuseArguments("--out does not know " + name + "; it knows {index}, {seed}, {date} and {model}.");
    }
  }
}

}  // namespace

std::string outputPattern(const std::string& argument) {
  const std::string usual = engine::OutputOptions{}.pattern;
  std::filesystem::path path = engine::pathFromUtf8(argument.empty() ? usual : argument);
  if (path.filename().empty() || isFolder(path)) path /= usual;
  if (!isPictureExtension(engine::utf8FromPath(path.extension()))) {
    refuseArguments("\"" + engine::utf8FromPath(path) + "\" does not end with .png, .jpg or .webp.");
  }
  checkPlaceholders(engine::utf8FromPath(path));
  checkWritable(path);
  return engine::utf8FromPath(path);
}

}  // namespace studio::app
