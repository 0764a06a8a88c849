#pragma once

#include "app/commands/command.h"

#include <CLI/CLI.hpp>

#include <memory>

namespace studio::app {

/// `studio bench unet|vae|image`: how long a guided step, a decode or a picture takes; `memory`: how well the phases
/// of pictures were predicted.
std::unique_ptr<Command> makeBenchCommand(CLI::App& app);

}  // namespace studio::app
