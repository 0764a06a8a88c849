#pragma once

#include "app/commands/command.h"

#include <CLI/CLI.hpp>

#include <memory>

namespace studio::app {

/// `studio inspect FILE`: what a model, a LoRA or a picture says about itself.
std::unique_ptr<Command> makeInspectCommand(CLI::App& app);

}  // namespace studio::app
