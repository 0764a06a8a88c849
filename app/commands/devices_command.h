#pragma once

#include "app/commands/command.h"

#include <CLI/CLI.hpp>

#include <memory>

namespace studio::app {

/// `studio devices`: the processors of this machine, and why one cannot be used.
std::unique_ptr<Command> makeDevicesCommand(CLI::App& app);

}  // namespace studio::app
