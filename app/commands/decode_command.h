#pragma once

#include "app/commands/command.h"

#include <CLI/CLI.hpp>

#include <memory>

namespace studio::app {

std::unique_ptr<Command> makeDecodeCommand(CLI::App& app);

}  // namespace studio::app
