#pragma once

#include "engine/memory/block_runner.h"
#include "engine/weights/weight_table.h"

#include <memory>

namespace studio::engine {

/// Of all VAEs that can be used; known ones have 8.
inline constexpr std::int64_t kLargestScaleFactor = 16;

/// Pictures into latents and back. Two layouts: AutoencoderKl (SD's own) and TinyAutoencoder (TAESD).
/// Latents are *scaled*, as the denoiser sees them; pixels are in -1 … 1.
class Vae {
 public:
  virtual ~Vae() = default;

  /// [B, latentChannels, H/8, W/8] -> [B, 3, H, W]; placed for the runner, which belongs to decoderWeights().
  virtual ops::Tensor decode(BlockRunner& runner, const ops::Tensor& latent) const = 0;
  /// [B, 3, H, W] -> [B, latentChannels, H/8, W/8], the distribution's mean; runner of encoderWeights().
  virtual ops::Tensor encode(BlockRunner& runner, const ops::Tensor& pixels) const = 0;

  virtual const WeightTable& decoderWeights() const = 0;
  /// Empty when the file has no encoder.
  virtual const WeightTable& encoderWeights() const = 0;

  virtual std::int64_t latentChannels() const = 0;
  /// Pixels for each latent cell, in both directions.
  virtual std::int64_t scaleFactor() const = 0;
};

}  // namespace studio::engine
