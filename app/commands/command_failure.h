#pragma once

#include "app/commands/command.h"

#include <string>

namespace studio::app {

/// Says what failed: a sentence on standard error, and with `json` the `failed` event as a line on standard output.
void reportFailure(const engine::EngineError& error, bool json, CommandEnvironment& environment);

/// Leaves the command with exit code 2.
[[noreturn]] void refuseArguments(const std::string& message);

}  // namespace studio::app
