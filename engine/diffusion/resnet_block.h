#pragma once

#include "engine/memory/weight_lease.h"
#include "engine/ops/striped_image.h"
#include "engine/weights/weight_table.h"

#include <optional>
#include <string>

namespace studio::engine {

/// Residual block (He et al. 2016) with group norms and, in UNets, the time embedding added in between
/// (Ho et al. 2020, appendix B). `timeWidth` 0: without time.
class ResnetBlock {
 public:
  ResnetBlock(WeightTable& table, const std::string& name, std::int64_t in, std::int64_t out, std::int64_t timeWidth,
              double epsilon);

  /// `timeEmbedding` after SiLU; ignored without time.                                 // [B, in, H, W] -> [B, out, H,
  /// W]
  ops::Tensor forward(const WeightLease& w, const ops::Tensor& x, const ops::Tensor& timeEmbedding = {}) const;

  /// The same for a picture in strips, without time.
  ops::StripedImage forward(const WeightLease& w, ops::StripedImage x) const;

 private:
  NormRef norm1, norm2;
  ConvRef conv1, conv2;
  std::optional<LinearRef> time_emb_proj;
  std::optional<ConvRef> conv_shortcut;
};

inline constexpr std::int64_t kNormGroups = 32;  ///< of every group norm in this layout

}  // namespace studio::engine
