#pragma once

#include "engine/vae/latent_rgb.h"

#include <filesystem>
#include <optional>
#include <string>

namespace studio::engine {

/// Fits of latents to colours that were made on this machine, one small file for each VAE. `fingerprint` tells a VAE
/// in its present state from others. Nothing is kept or found when `cacheFolder` is empty; failures are silent, since
/// a fit can be made again.
std::optional<LatentRgb> findLatentRgbFit(const std::filesystem::path& cacheFolder, const std::string& fingerprint,
                                          std::int64_t latentChannels);
void keepLatentRgbFit(const std::filesystem::path& cacheFolder, const std::string& fingerprint, const LatentRgb& fit);

}  // namespace studio::engine
