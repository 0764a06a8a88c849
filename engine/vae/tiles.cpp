#include "engine/vae/tiles.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace studio::engine {
namespace {

/// One side of a tile: the cells it covers, and the weight of each pixel.
struct Span {
  std::int64_t first = 0, count = 0;
  at::Tensor weights;  ///< fp32 [count * scale]; the weights of all spans on a pixel add up to 1
};

/// Evenly spaced spans of `cells` that overlap by a quarter at least.
std::vector<Span> spansOf(std::int64_t length, std::int64_t cells, std::int64_t scale) {
  const std::int64_t overlap = cells / 4, covered = std::min(cells, length);
  const std::int64_t tiles = length <= cells ? 1 : (length - overlap + cells - overlap - 1) / (cells - overlap);
  std::vector<Span> spans;
  for (std::int64_t i = 0; i < tiles; ++i)
    spans.push_back(
        {tiles == 1 ? 0 : i * (length - cells) / (tiles - 1), covered, at::ones({covered * scale}, at::kFloat)});
  at::Tensor sum = at::zeros({length * scale}, at::kFloat);
  for (std::size_t i = 0; i < spans.size(); ++i) {
    float* weights = spans[i].weights.data_ptr<float>();
    const auto ramp = [&](std::int64_t cellsOfRamp, const auto& place) {
      const std::int64_t pixels = cellsOfRamp * scale;
      for (std::int64_t p = 0; p < pixels; ++p) {
        const double along = (static_cast<double>(p) + 0.5) / static_cast<double>(pixels);
        weights[place(p)] *= static_cast<float>(0.5 - 0.5 * std::cos(std::numbers::pi * along));
      }
    };
    if (i > 0) ramp(spans[i - 1].first + covered - spans[i].first, [](std::int64_t p) { return p; });
    if (i + 1 < spans.size())
      ramp(spans[i].first + covered - spans[i + 1].first, [&](std::int64_t p) { return covered * scale - 1 - p; });
    sum.narrow(0, spans[i].first * scale, covered * scale).add_(spans[i].weights);
  }
  for (Span& span : spans) span.weights.div_(sum.narrow(0, span.first * scale, covered * scale));
  return spans;
}

}  // namespace

ops::Tensor decodeInTiles(const ops::Tensor& latent, std::int64_t cells, std::int64_t scale,
                          const std::function<ops::Tensor(const ops::Tensor& tile)>& decode) {
  const std::int64_t height = latent.size(2), width = latent.size(3);
  at::Tensor picture = at::zeros({1, 3, scale * height, scale * width}, at::kFloat);
  for (const Span& rows : spansOf(height, cells, scale)) {
    for (const Span& columns : spansOf(width, cells, scale)) {
      const ops::Tensor tile = decode(latent.narrow(2, rows.first, rows.count)
                                          .narrow(3, columns.first, columns.count)
                                          .contiguous(at::MemoryFormat::ChannelsLast));
      if (tile.is_meta()) continue;
      const at::Tensor weights = rows.weights.unsqueeze(1) * columns.weights.unsqueeze(0);  // [H, W]
      picture.narrow(2, scale * rows.first, scale * rows.count)
          .narrow(3, scale * columns.first, scale * columns.count)
          .add_(ops::readBack(tile).mul_(weights));
    }
  }
  return picture;
}

}  // namespace studio::engine
