#pragma once

#include <filesystem>
#include <vector>

namespace studio::engine {

/// Where pictures go whose own folder cannot be written to any more, best place first: the user's state folder
/// ($XDG_STATE_HOME or ~/.local/state), then the system's folder for temporary files, which is often on another disk.
/// Only folders that are there now, belong to the user and let nobody else in.
std::vector<std::filesystem::path> rescueFolders();

}  // namespace studio::engine
