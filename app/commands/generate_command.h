#pragma once

#include "app/commands/command.h"

#include <CLI/CLI.hpp>

#include <memory>

namespace studio::app {

/// `studio generate`: from prompt to picture on disk.
std::unique_ptr<Command> makeGenerateCommand(CLI::App& app);

}  // namespace studio::app
