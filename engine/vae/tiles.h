#pragma once

#include "engine/ops/ops.h"

#include <cstdint>
#include <functional>

namespace studio::engine {

/// Decodes a latent in overlapping square tiles of `cells` cells a side, which are blended by cosine ramps: each pixel
/// is a weighted mean of the tiles that cover it. `decode` makes a tile's pixels, `scale` times as many a side. The
/// blending is fp32 on the host, where the picture is too; on the meta device only the tiles' shapes are run.
/// One picture at a time.
ops::Tensor decodeInTiles(const ops::Tensor& latent, std::int64_t cells, std::int64_t scale,
                          const std::function<ops::Tensor(const ops::Tensor& tile)>& decode);

}  // namespace studio::engine
