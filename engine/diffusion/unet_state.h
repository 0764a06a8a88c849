#pragma once

#include "engine/ops/ops.h"

#include <vector>

namespace studio::engine {

/// What travels through a UNet from block to block.
struct UNetState {
  ops::Tensor x;                   ///< [B, C, H, W]
  ops::Tensor tokens;              ///< inside a transformer: [B, H*W, C]
  ops::Tensor timeEmbedding;       ///< after SiLU: every resnet starts with it   // [B, timeWidth]
  ops::Tensor context;             ///< text embeddings                           // [B, T, contextWidth]
  ops::Tensor added;               ///< pooled text and embedded numbers          // [B, addedWidth], or undefined
  std::vector<ops::Tensor> skips;  ///< outputs of the way down, last first out

  ops::Tensor popSkip() {
    ops::Tensor skip = skips.back();
    skips.pop_back();
    return skip;
  }
};

}  // namespace studio::engine
