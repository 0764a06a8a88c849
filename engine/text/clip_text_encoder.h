#pragma once

#include "engine/memory/block_runner.h"
#include "engine/weights/family_traits.h"
#include "engine/weights/weight_table.h"

#include <vector>

namespace studio::engine {

/// Sizes of a CLIP text encoder (Radford et al. 2021, section 2.4), all read from tensor shapes.
struct ClipTextConfig {
  std::int64_t vocabulary = 49408;
  std::int64_t positions = 77;
  std::int64_t width = 768;
  std::int64_t layers = 12;
  std::int64_t feedForward = 3072;
  std::int64_t heads = 12;      ///< heads are 64 wide in every CLIP text encoder
  bool quickGelu = true;        ///< false: the exact GELU, as OpenCLIP's encoders have it
  std::int64_t projection = 0;  ///< width of the pooled embedding; 0: none
};

/// `traits` say what no shape tells: activation and whether there is a projection.
/// Throws EngineException(BadFile) when the tensors are no CLIP text encoder.
ClipTextConfig clipTextConfigFrom(const TensorSource& source, const TextEncoderTraits& traits = {});

/// Vectors that stand where tokens would (a textual inversion, Gal et al. 2022).
struct TokenReplacement {
  std::int64_t row = 0, position = 0;  ///< in the ids
  ops::Tensor vectors;                 ///< [n, width]; row and position + n must lie inside
};

/// What is wanted of the encoder.
struct ClipTextWish {
  int skippedLayers = 0;  ///< left out at the end; at least one layer stays
  bool finalNorm = true;
  std::vector<TokenReplacement> replaced{};
};

struct ClipTextAnswer {
  ops::Tensor embeddings;  ///< [B, 77, width]
  ops::Tensor pooled;      ///< [B, projection] after all layers, or undefined
};

/// The text half of CLIP: token ids to one embedding for each token.
class ClipTextEncoder {
 public:
  explicit ClipTextEncoder(const ClipTextConfig& config);

  const ClipTextConfig& config() const { return config_; }
  const WeightTable& weights() const { return table_; }

  /// `ids` int64 [B, 77] on the runner's device; answers in its compute format. The pooled embedding, where the
  /// configuration has one, is that of the first end token after all layers, normed and projected.
  ClipTextAnswer forward(BlockRunner& runner, const ops::Tensor& ids, const ClipTextWish& wish = {}) const;

 private:
  struct Layer {
    int block = 0;
    NormRef layer_norm1, layer_norm2;
    LinearRef q_proj, k_proj, v_proj, out_proj, fc1, fc2;
  };
  ops::Tensor forward(const Layer& layer, const WeightLease& w, const ops::Tensor& x) const;
  ops::Tensor normed(BlockRunner& runner, const ops::Tensor& x) const;
  ops::Tensor pooled(BlockRunner& runner, const ops::Tensor& x, const ops::Tensor& ids) const;

  ClipTextConfig config_;
  WeightTable table_;
  int embeddings_ = 0, final_ = 0, projection_ = 0;
  EmbeddingRef token_embedding_, position_embedding_;
  std::vector<Layer> layers_;
  NormRef final_layer_norm_;
  LinearRef text_projection_;
};

}  // namespace studio::engine
