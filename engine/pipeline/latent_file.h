#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <string>

namespace studio::engine {

/// Writes a finished latent as a safetensors file: one tensor "latent", fp32 [1, C, h, w], scaled as the denoiser sees
/// it, and in the metadata `studio` the JSON of what it belongs to. Never replaces a file: the next free name is taken.
/// Returns the path used. Throws EngineException(CannotWrite).
std::filesystem::path writeLatent(const at::Tensor& latent, const std::string& studioJson,
                                  const std::filesystem::path& path);

/// Such a file's latent. Throws EngineException: MissingFile, BadFile when it is something else or was cut off.
at::Tensor readLatent(const std::filesystem::path& path);  // -> [1, C, h, w] fp32

}  // namespace studio::engine
