#pragma once

#include "engine/api/memory_plan.h"
#include "engine/memory/block_runner.h"
#include "engine/ops/striped_image.h"
#include "engine/weights/weight_table.h"

#include <memory>
#include <vector>

namespace studio::engine {

/// Of all VAEs that can be used; known ones have 8.
inline constexpr std::int64_t kLargestScaleFactor = 16;

/// Pictures into latents and back. Two layouts: AutoencoderKl (SD's own) and TinyAutoencoder (TAESD).
/// Latents are *scaled*, as the denoiser sees them; pixels are in -1 … 1.
class Vae {
 public:
  virtual ~Vae() = default;

  /// [B, latentChannels, H/8, W/8] -> [B, 3, H, W]; placed for the runner, which belongs to decoderWeights(). One
  /// picture at a time but for the whole way.
  ops::Tensor decode(BlockRunner& runner, const ops::Tensor& latent, const DecodeWay& way = {}) const;
  /// [B, 3, H, W] -> [B, latentChannels, H/8, W/8], the distribution's mean; runner of encoderWeights().
  virtual ops::Tensor encode(BlockRunner& runner, const ops::Tensor& pixels) const = 0;

  virtual const WeightTable& decoderWeights() const = 0;
  /// Empty when the file has no encoder.
  virtual const WeightTable& encoderWeights() const = 0;

  virtual std::int64_t latentChannels() const = 0;
  /// Pixels for each latent cell, in both directions.
  virtual std::int64_t scaleFactor() const = 0;

  /// Whether strips take less memory than the whole.
  virtual bool decodesInStrips() const { return false; }
  /// What there is for a latent of this size, the next best first.
  std::vector<DecodeWay> decodeWays(std::int64_t height, std::int64_t width) const;

 protected:
  virtual ops::Tensor decodeWhole(BlockRunner& runner, const ops::Tensor& latent) const = 0;
  /// Bit by bit what decodeWhole gives on the CPU in fp32. `rows`: of a strip at every size of the picture on its way;
  /// `norms`: see ops::StripCut.
  virtual ops::Tensor decodeStrips(BlockRunner& runner, const ops::Tensor& latent, std::int64_t rows,
                                   std::shared_ptr<ops::NormBook> norms) const;

 private:
  ops::Tensor decodeTiles(BlockRunner& runner, const ops::Tensor& latent, std::int64_t cells) const;
};

}  // namespace studio::engine
