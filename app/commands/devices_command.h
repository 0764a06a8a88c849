#pragma once

#include "app/commands/command.h"

#include <CLI/CLI.hpp>

#include <memory>

namespace studio::app {

/// `studio devices`: what this machine is made of, and why a GPU cannot be used.
std::unique_ptr<Command> makeDevicesCommand(CLI::App& app);

}  // namespace studio::app
