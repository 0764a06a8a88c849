#pragma once

#include "engine/memory/block_runner.h"
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
  std::int64_t heads = 12;  ///< heads are 64 wide in every CLIP text encoder
};

/// Throws EngineException(BadFile) when the tensors are no CLIP text encoder.
ClipTextConfig clipTextConfigFrom(const TensorSource& source);

/// The text half of CLIP: token ids to one embedding for each token.
class ClipTextEncoder {
 public:
  explicit ClipTextEncoder(const ClipTextConfig& config);

  const ClipTextConfig& config() const { return config_; }
  const WeightTable& weights() const { return table_; }

  /// Embeddings after the last layer but `clipSkip - 1`, then the final layer norm.
  /// `ids` int64 [B, 77] on the runner's device -> [B, 77, width] in its compute format.
  /// A skip of all layers or more leaves one layer.
  ops::Tensor forward(BlockRunner& runner, const ops::Tensor& ids, int clipSkip) const;

 private:
  struct Layer {
    int block = 0;
    NormRef layer_norm1, layer_norm2;
    LinearRef q_proj, k_proj, v_proj, out_proj, fc1, fc2;
  };
  ops::Tensor forward(const Layer& layer, const WeightLease& w, const ops::Tensor& x) const;

  ClipTextConfig config_;
  WeightTable table_;
  int embeddings_ = 0, final_ = 0;
  EmbeddingRef token_embedding_, position_embedding_;
  std::vector<Layer> layers_;
  NormRef final_layer_norm_;
};

}  // namespace studio::engine
