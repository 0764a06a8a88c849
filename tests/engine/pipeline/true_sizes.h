#pragma once

#include "engine/diffusion/unet_config.h"

namespace studio::tests {

/// SDXL's own network.
inline engine::UNetConfig stableDiffusionXlUNet() {
  engine::UNetConfig config;
  config.family = engine::ModelFamily::StableDiffusionXl;
  config.contextWidth = 2048;
  config.addedWidth = 2816;
  config.middleDepth = 10;
  config.levels = {{320, {0, 0}, {0, 0, 0}}, {640, {2, 2}, {2, 2, 2}}, {1280, {10, 10}, {10, 10, 10}}};
  return config;
}

}  // namespace studio::tests
