#pragma once

#include "engine/ops/striped_image.h"
#include "engine/vae/vae.h"

#include <functional>
#include <string>
#include <vector>

namespace studio::engine {

/// Sizes of the KL autoencoder (Rombach et al. 2022, appendix G), read from tensor shapes.
struct AutoencoderKlConfig {
  std::int64_t latentChannels = 4;
  std::vector<std::int64_t> channels{128, 256, 512, 512};  ///< of the levels, full resolution first
  int layers = 2;                                          ///< resnets a level on the way down; one more on the way up
  bool hasEncoder = true;
  bool hasQuantConv = true;
  double scale = 0.18215;  ///< scaled latent = latent × scale
};

/// `scale` is the family's. Throws EngineException(BadFile).
AutoencoderKlConfig autoencoderKlConfigFrom(const TensorSource& source, double scale = 0.18215);

class AutoencoderKl final : public Vae {
 public:
  explicit AutoencoderKl(const AutoencoderKlConfig& config);
  AutoencoderKl(const AutoencoderKl&) = delete;
  AutoencoderKl& operator=(const AutoencoderKl&) = delete;

  ops::Tensor encode(BlockRunner& runner, const ops::Tensor& pixels) const override;
  const WeightTable& decoderWeights() const override { return decoder_.table; }
  const WeightTable& encoderWeights() const override { return encoder_.table; }
  bool decodesInStrips() const override { return true; }
  std::int64_t latentChannels() const override { return config_.latentChannels; }
  std::int64_t scaleFactor() const override { return std::int64_t{1} << (config_.channels.size() - 1); }

 protected:
  ops::Tensor decodeWhole(BlockRunner& runner, const ops::Tensor& latent) const override;
  ops::Tensor decodeStrips(BlockRunner& runner, const ops::Tensor& latent, std::int64_t rows,
                           std::shared_ptr<ops::NormBook> norms) const override;

 private:
  struct Block {
    int weights = 0;
    std::function<ops::Tensor(const WeightLease&, const ops::Tensor&)> run;
    /// The same in strips; what comes before the first that has it is small.
    std::function<ops::StripedImage(const WeightLease&, ops::StripedImage)> runStrips = nullptr;
  };
  /// One direction: its weights and its blocks in order.
  struct Half {
    WeightTable table;
    std::vector<Block> blocks;
  };

  static ops::Tensor run(const Half& half, BlockRunner& runner, ops::Tensor x);
  static void addConv(Half& half, const std::string& name, ops::Conv2dShape shape);
  static void addResnet(Half& half, const std::string& name, std::int64_t in, std::int64_t out);
  static void addAttention(Half& half, const std::string& name, std::int64_t channels);
  static void addMiddle(Half& half, const std::string& side, std::int64_t channels);
  static void addOut(Half& half, const std::string& side, std::int64_t in, std::int64_t out);
  void addUpsampler(const std::string& name, std::int64_t channels);
  void buildEncoder();
  void buildDecoder();

  AutoencoderKlConfig config_;
  Half encoder_, decoder_;
};

}  // namespace studio::engine
