#pragma once

#include "engine/diffusion/unet_config.h"
#include "engine/diffusion/unet_state.h"
#include "engine/memory/block_runner.h"
#include "engine/weights/weight_table.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace studio::engine {

/// What a UNet is given besides latent and timestep, row by row with them.
struct UNetConditioning {
  ops::Tensor context;  ///< text embeddings [B, T, contextWidth], placed for the runner
  ops::Tensor pooled;   ///< [B, P], placed; undefined for networks without added conditioning
  ops::Tensor numbers;  ///< sizes, crop or score, fp32 [B, n] on the host; undefined likewise
  /// Keys and values of the text: the first call fills the list, the others need neither to make them nor the weights
  /// they are made with. For one network with the same weights. Null: they are made at every call.
  std::shared_ptr<std::vector<KeysValues>> kept = nullptr;
};

/// The network that predicts the noise of a latent, as a list of named blocks: down, middle, up
/// (Ronneberger et al. 2015; Rombach et al. 2022).
class UNet {
 public:
  explicit UNet(const UNetConfig& config);
  UNet(const UNet&) = delete;
  UNet& operator=(const UNet&) = delete;

  const UNetConfig& config() const { return config_; }
  const WeightTable& weights() const { return table_; }

  /// `x` [B, in, H, W] placed for the runner; `timesteps` fp32 [B] on the host, fractional ones allowed.
  ops::Tensor forward(BlockRunner& runner, const ops::Tensor& x, const ops::Tensor& timesteps,
                      const UNetConditioning& conditioning) const;  // -> [B, out, H, W]

  /// Width of the pooled text that goes with `numbers` numbers; 0 when the network takes none.
  std::int64_t pooledWidth(std::int64_t numbers) const;

 private:
  using BlockFunction = std::function<void(const WeightLease&, UNetState&)>;
  struct Block {
    int weights = 0;
    BlockFunction run;
    int projection = -1;  ///< makes these of the text's keys and values, and is done when they are kept
  };

  void add(int weights, BlockFunction run, int projection = -1) {
    blocks_.push_back({weights, std::move(run), projection});
  }
  void addTimeEmbedding();
  void addAddedEmbedding();
  void addResnet(const std::string& name, std::int64_t in, std::int64_t out, std::int64_t skip, bool keepsSkip);
  /// Makes keys and values of the text for the next cross-attention; returns its number.
  int addTextProjection(const std::string& name, std::int64_t channels);
  void addTransformer(const std::string& name, std::int64_t channels, int depth, bool keepsSkip);
  void addDown();
  void addShrink(const std::string& name, std::int64_t channels);
  void addMiddle();
  void addUp();
  void addOut();

  UNetConfig config_;
  WeightTable table_;
  std::vector<Block> blocks_;
  int projections_ = 0;
};

}  // namespace studio::engine
