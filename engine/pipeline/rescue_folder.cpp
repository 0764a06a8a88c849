#include "engine/pipeline/rescue_folder.h"

#include <cstdlib>
#include <string>
#include <system_error>

#include <sys/stat.h>
#include <unistd.h>

namespace studio::engine {
namespace {

std::filesystem::path stateHome() {
  // The base directory specification: a path that is not absolute does not count.
  const char* state = std::getenv("XDG_STATE_HOME");
  if (state != nullptr && *state == '/') return state;
  const char* home = std::getenv("HOME");
  if (home != nullptr && *home == '/') return std::filesystem::path(home) / ".local" / "state";
  return {};
}

/// Others can put links and folders of their own where everybody may write.
bool isPrivate(const std::filesystem::path& folder) {
  struct stat status {};
  return ::lstat(folder.c_str(), &status) == 0 && S_ISDIR(status.st_mode) && status.st_uid == ::geteuid() &&
         (status.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

}  // namespace

std::vector<std::filesystem::path> rescueFolders() {
  std::error_code failed;
  std::vector<std::filesystem::path> wanted;
  if (const auto state = stateHome(); !state.empty()) wanted.push_back(state / "kiln-studio" / "pictures");
  const auto temporary = std::filesystem::temp_directory_path(failed);
  if (!failed) wanted.push_back(temporary / ("kiln-studio-pictures-" + std::to_string(::geteuid())));
  std::vector<std::filesystem::path> usable;
  for (const auto& folder : wanted) {
    std::filesystem::create_directories(folder.parent_path(), failed);
    ::mkdir(folder.c_str(), S_IRWXU);
    if (isPrivate(folder)) usable.push_back(folder);
  }
  return usable;
}

}  // namespace studio::engine
