#include "engine/vae/vae.h"

namespace studio::engine {

ops::Tensor Vae::decode(BlockRunner& runner, const ops::Tensor& latent, const DecodeWay& way) const {
  return way.mode == DecodeMode::Strips ? decodeStrips(runner, latent, way.size) : decodeWhole(runner, latent);
}

std::vector<DecodeWay> Vae::decodeWays(std::int64_t height, std::int64_t /*width*/) const {
  std::vector<DecodeWay> ways{{}};
  for (const int rows : {128, 64, 32, 16, 8}) {
    if (decodesInStrips() && rows < height * scaleFactor()) ways.push_back({DecodeMode::Strips, rows});
  }
  return ways;
}

}  // namespace studio::engine
