#pragma once

#include "engine/api/inspector.h"
#include "engine/weights/tensor_source.h"

#include <cstdint>
#include <vector>

namespace studio::engine {

/// One resolution level of a UNet. `down` and `up` have one number for each resnet on that way: how many transformer
/// blocks stand behind it, 0 for none. Usually all are equal and `up` is one longer; pruned networks differ.
struct UNetLevel {
  std::int64_t channels = 0;
  std::vector<int> down;
  std::vector<int> up;
};

/// Sizes of a latent-diffusion UNet (Rombach et al. 2022, appendix E), all read from tensor shapes.
struct UNetConfig {
  std::int64_t inChannels = 4;
  std::int64_t outChannels = 4;
  std::int64_t timeWidth = 1280;    ///< of the time embedding after its two layers
  std::int64_t contextWidth = 768;  ///< of the text embeddings
  std::int64_t addedWidth = 0;      ///< of pooled text and embedded numbers together (SDXL); 0: none
  std::vector<UNetLevel> levels;
  int middleDepth = 1;                                 ///< transformer blocks in the middle
  int middleResnets = 2;                               ///< before and behind them
  ModelFamily family = ModelFamily::StableDiffusion1;  ///< decides the number of attention heads
};

/// Throws EngineException(BadFile) when the tensors are no such UNet.
UNetConfig unetConfigFrom(const TensorSource& source, ModelFamily family);

/// SD 1.5 itself, for benchmarks without a file.
UNetConfig stableDiffusion15UNet();

}  // namespace studio::engine
