#pragma once

#include "engine/api/inspector.h"
#include "engine/weights/tensor_source.h"

#include <cstdint>
#include <vector>

namespace studio::engine {

/// One resolution level of a UNet.
struct UNetLevel {
  std::int64_t channels = 0;
  int layers = 2;            ///< resnets on the way down; one more on the way up
  int transformerDepth = 0;  ///< transformer blocks after each resnet on the way down and up; 0: no attention
};

/// Sizes of a latent-diffusion UNet (Rombach et al. 2022, appendix E), all read from tensor shapes.
struct UNetConfig {
  std::int64_t inChannels = 4;
  std::int64_t outChannels = 4;
  std::int64_t timeWidth = 1280;    ///< of the time embedding after its two layers
  std::int64_t contextWidth = 768;  ///< of the text embeddings
  std::vector<UNetLevel> levels;
  int middleDepth = 1;                                 ///< transformer blocks in the middle
  ModelFamily family = ModelFamily::StableDiffusion1;  ///< decides the number of attention heads
};

/// Throws EngineException(BadFile) when the tensors are no such UNet.
UNetConfig unetConfigFrom(const TensorSource& source, ModelFamily family);

/// SD 1.5 itself, for benchmarks without a file.
UNetConfig stableDiffusion15UNet();

}  // namespace studio::engine
