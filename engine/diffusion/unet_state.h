#pragma once

#include "engine/ops/ops.h"

#include <vector>

namespace studio::engine {

/// Keys and values of an attention.                                                       // [B, T, width] each
struct KeysValues {
  ops::Tensor keys, values;
};

/// What travels through a UNet from block to block.
struct UNetState {
  ops::Tensor x;                            ///< [B, C, H, W]
  ops::Tensor tokens;                       ///< inside a transformer: [B, H*W, C]
  ops::Tensor timeEmbedding;                ///< after SiLU: every resnet starts with it   // [B, timeWidth]
  ops::Tensor context;                      ///< text embeddings                           // [B, T, contextWidth]
  KeysValues text;                          ///< of the next cross-attention, where they are not kept
  std::vector<KeysValues>* kept = nullptr;  ///< of every cross-attention, where they are
  ops::Tensor added;               ///< pooled text and embedded numbers          // [B, addedWidth], or undefined
  std::vector<ops::Tensor> skips;  ///< outputs of the way down, last first out

  ops::Tensor popSkip() {
    ops::Tensor skip = skips.back();
    skips.pop_back();
    return skip;
  }
};

}  // namespace studio::engine
