#pragma once

#include "app/commands/command.h"

#include <CLI/CLI.hpp>

#include <memory>

namespace studio::app {

/// `studio convert IN OUT --type …`: a model file in another format.
std::unique_ptr<Command> makeConvertCommand(CLI::App& app);

}  // namespace studio::app
