#pragma once

#include <filesystem>
#include <string>

namespace studio::engine {

/// What people call a model: a file's name without its ending, a folder's name (with or without a slash at its end).
std::string modelNameOf(const std::filesystem::path& model);

/// `<model>.vae.safetensors`, `.vae.pt` or `.vae.ckpt` beside a single-file model, as A1111 finds it; empty when there
/// is none.
std::filesystem::path vaeBeside(const std::filesystem::path& model);

/// `<model>-preview.safetensors` beside a model; empty when there is none.
std::filesystem::path previewDecoderBeside(const std::filesystem::path& model);

}  // namespace studio::engine
