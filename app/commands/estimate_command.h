#pragma once

#include "app/commands/command.h"

#include <CLI/CLI.hpp>

#include <memory>

namespace studio::app {

/// `studio estimate`: what a picture would take, before anything runs; with the flags of `generate`.
std::unique_ptr<Command> makeEstimateCommand(CLI::App& app);

}  // namespace studio::app
