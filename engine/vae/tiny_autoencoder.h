#pragma once

#include "engine/vae/vae.h"

#include <functional>
#include <string>
#include <vector>

namespace studio::engine {

/// The TAESD layout (github.com/madebyollin/taesd): a list of convolutions and residual blocks without norms, whose
/// latents are already scaled. Used for previews and as a VAE of its own. Depth and widths are read from the file:
/// the names carry each layer's place in the list.
class TinyAutoencoder final : public Vae {
 public:
  /// Throws EngineException(BadFile) when there is no decoder of this layout, or when its layers do not fit together.
  /// Keeps nothing of `source`.
  explicit TinyAutoencoder(const TensorSource& source);
  TinyAutoencoder(const TinyAutoencoder&) = delete;
  TinyAutoencoder& operator=(const TinyAutoencoder&) = delete;

  ops::Tensor encode(BlockRunner& runner, const ops::Tensor& pixels) const override;
  const WeightTable& decoderWeights() const override { return decoder_.table; }
  const WeightTable& encoderWeights() const override { return encoder_.table; }
  std::int64_t latentChannels() const override { return decoder_.channels.in; }
  std::int64_t scaleFactor() const override { return decoder_.scale; }
  bool decodesInStrips() const override { return true; }

 protected:
  ops::Tensor decodeWhole(BlockRunner& runner, const ops::Tensor& latent) const override;
  ops::Tensor decodeStrips(BlockRunner& runner, const ops::Tensor& latent, std::int64_t rows,
                           std::shared_ptr<ops::NormBook> norms) const override;

 private:
  struct Layer {
    int weights = -1;  ///< block of the table; -1: a layer without weights
    std::function<ops::Tensor(const WeightLease*, const ops::Tensor&)> run;
    std::function<ops::StripedImage(const WeightLease*, ops::StripedImage)> runStrips;  ///< the same in strips
  };
  /// Of a chain of layers; every layer must take what the one before gives.
  struct Channels {
    std::int64_t in = 0, out = 0;
    void join(std::int64_t layerIn, std::int64_t layerOut, const std::string& name);
    bool operator==(const Channels&) const = default;
  };
  struct Half {
    WeightTable table;
    std::vector<Layer> layers;
    Channels channels;
    std::int64_t scale = 1;  ///< larger to smaller side
    void rescale();          ///< a layer enlarges or halves
  };

  static ops::Tensor run(const Half& half, BlockRunner& runner, ops::Tensor x);
  static void addPlain(Half& half, const std::function<ops::Tensor(const ops::Tensor&)>& function);
  static void addConv(Half& half, const TensorSource& source, const std::string& name, bool encoder);
  static void addBlock(Half& half, const TensorSource& source, const std::string& name);
  static Half build(const TensorSource& source, const std::string& side);

  Half encoder_, decoder_;
};

}  // namespace studio::engine
