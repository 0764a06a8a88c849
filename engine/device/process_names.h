#pragma once

#include <filesystem>
#include <string>

namespace studio::engine {

/// What the system calls a process, at most 15 bytes; "PID 12" where it does not say. `root` stands for "/" in tests.
std::string processName(unsigned id, const std::filesystem::path& root = "/");

}  // namespace studio::engine
