#pragma once

#include "engine/diffusion/unet_config.h"
#include "engine/diffusion/unet_state.h"
#include "engine/memory/block_runner.h"
#include "engine/weights/weight_table.h"

#include <functional>
#include <string>
#include <vector>

namespace studio::engine {

/// The network that predicts the noise of a latent, as a list of named blocks: down, middle, up
/// (Ronneberger et al. 2015; Rombach et al. 2022).
class UNet {
 public:
  explicit UNet(const UNetConfig& config);
  UNet(const UNet&) = delete;
  UNet& operator=(const UNet&) = delete;

  const UNetConfig& config() const { return config_; }
  const WeightTable& weights() const { return table_; }

  /// `x` [B, in, H, W] and `context` [B, T, contextWidth] placed for the runner; `timesteps` fp32 [B] on the host,
  /// fractional ones allowed.                                                                  // -> [B, out, H, W]
  ops::Tensor forward(BlockRunner& runner, const ops::Tensor& x, const ops::Tensor& timesteps,
                      const ops::Tensor& context) const;

 private:
  using BlockFunction = std::function<void(const WeightLease&, UNetState&)>;
  struct Block {
    int weights = 0;
    BlockFunction run;
  };

  void add(int weights, BlockFunction run) { blocks_.push_back({weights, std::move(run)}); }
  void addTimeEmbedding();
  void addResnet(const std::string& name, std::int64_t in, std::int64_t out, std::int64_t skip, bool keepsSkip);
  void addTransformer(const std::string& name, std::int64_t channels, int depth, bool keepsSkip);
  void addDown();
  void addMiddle();
  void addUp();
  void addOut();

  UNetConfig config_;
  WeightTable table_;
  std::vector<Block> blocks_;
};

}  // namespace studio::engine
