#pragma once

#include "app/commands/command.h"

#include <string>
#include <vector>

namespace studio::app {

/// Understands the arguments (without the program's name), runs the command and returns the exit code.
/// Every failure ends as a sentence on `environment.error`.
int runCommandLine(const std::vector<std::string>& arguments, CommandEnvironment& environment);

/// The words that are commands.
const std::vector<std::string>& commandNames();

}  // namespace studio::app
