#pragma once

#include "app/commands/command.h"

#include <CLI/CLI.hpp>

#include <memory>

namespace studio::app {

std::unique_ptr<Command> makeResumeCommand(CLI::App& app);

}  // namespace studio::app
