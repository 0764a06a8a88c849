#pragma once

#include "app/commands/command.h"

#include <filesystem>

namespace studio::app {

/// The model that `--model` means: a path, a name in the model folders, or the starter model when empty.
/// Throws MissingFile, or BadRequest when there is no starter either.
std::filesystem::path findModel(const std::filesystem::path& model, const CommandEnvironment& environment);

/// Looks into the file and returns what is known of the model. Throws the inspector's error, or WrongFamily when the
/// file is something else (a LoRA, a VAE).
engine::ModelInfo inspectModel(const std::filesystem::path& model, const CommandEnvironment& environment);

}  // namespace studio::app
