#pragma once

#include "engine/ops/weights.h"

#include <cstdint>
#include <optional>

namespace studio::engine::ops::cpu {

/// fp32 weights in the panels of kernels().panelProduct: [columns / width][taps][in][width]; a linear layer has one
/// tap. Winograd kernels transform from the same panels while they run: a transformed copy would be four times as
/// large and slower to read than to make.
class PackedWeights final : public Prepared {
 public:
  PackedWeights(const Tensor& weight, const std::optional<Tensor>& bias);
  std::int64_t bytes() const override;
  std::vector<Tensor> pieces() const override;
  std::shared_ptr<const Prepared> over(std::span<const Tensor> pieces) const override;
  /// Floats in the panels of a weight of these sizes: the last panel is filled up.
  static std::int64_t storedFloats(std::int64_t out, std::int64_t in, std::int64_t taps);

  const float* panel(std::int64_t index) const { return panels_.const_data_ptr<float>() + index * taps * in * width_; }
  std::int64_t panels() const { return (out + width_ - 1) / width_; }
  std::int64_t columnsOf(std::int64_t index) const;
  const float* bias() const { return bias_.defined() ? bias_.const_data_ptr<float>() : nullptr; }

  std::int64_t out = 0, in = 0, taps = 1;

 private:
  std::int64_t width_;
  Tensor panels_, bias_;
};

inline const PackedWeights& packedWeights(const std::shared_ptr<const Prepared>& prepared) {
  return static_cast<const PackedWeights&>(*prepared);
}

}  // namespace studio::engine::ops::cpu
