#include "engine/vae/vae.h"

#include "engine/vae/tiles.h"

#include <algorithm>

namespace studio::engine {
namespace {

constexpr std::int64_t kRowsInTile = 32;

}  // namespace

ops::Tensor Vae::decode(BlockRunner& runner, const ops::Tensor& latent, const DecodeWay& way) const {
  switch (way.mode) {
    case DecodeMode::Strips:
      return decodeStrips(runner, latent, way.size, nullptr);
    case DecodeMode::Tiles:
      return decodeTiles(runner, latent, way.size);
    case DecodeMode::Automatic:
    case DecodeMode::Whole:
      break;
  }
  return decodeWhole(runner, latent);
}

ops::Tensor Vae::decodeStrips(BlockRunner& runner, const ops::Tensor& latent, std::int64_t /*rows*/,
                              std::shared_ptr<ops::NormBook> /*norms*/) const {
  return decodeWhole(runner, latent);
}

/// Tiles that are normed by themselves differ in colour. All are normed as the picture of every n-th cell is, which
/// has about the statistics of the whole and is no larger than a tile.
ops::Tensor Vae::decodeTiles(BlockRunner& runner, const ops::Tensor& latent, std::int64_t cells) const {
  const auto norms = std::make_shared<ops::NormBook>();
  const std::int64_t step = (std::max(latent.size(2), latent.size(3)) + cells - 1) / cells;
  if (decodesInStrips()) {
    const auto thinned = [step](const ops::Tensor& x, std::int64_t side) {
      return x.slice(side, std::min(step / 2, x.size(side) - 1), std::nullopt, step);
    };
    const ops::Tensor small = thinned(thinned(latent, 2), 3).contiguous(at::MemoryFormat::ChannelsLast);
    decodeStrips(runner, small, kRowsInTile, norms);
    norms->written = true;
  }
  return decodeInTiles(latent, cells, scaleFactor(), [&](const ops::Tensor& tile) {
    norms->next = 0;
    return decodeStrips(runner, tile, kRowsInTile, norms);
  });
}

std::vector<DecodeWay> Vae::decodeWays(std::int64_t height, std::int64_t width) const {
  std::vector<DecodeWay> ways{{}};
  for (const int rows : {128, 64, 32, 16, 8}) {
    if (decodesInStrips() && rows < height * scaleFactor()) ways.push_back({DecodeMode::Strips, rows});
  }
  for (const int cells : {64, 32}) {
    if (cells < std::max(height, width)) ways.push_back({DecodeMode::Tiles, cells});
  }
  return ways;
}

}  // namespace studio::engine
