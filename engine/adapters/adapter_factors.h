#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace studio::engine {

/// What one tensor of a LoRA file is to the layer it belongs to, whatever the file calls it.
enum class Factor {
  Down,
  Up,
  Mid,  ///< Tucker core
  Alpha,
  DoraScale,  ///< LyCORIS' DoRA magnitude: its shape tells the axis
  Magnitude,  ///< PEFT's DoRA magnitude: one for each output
  HadaW1A,
  HadaW1B,
  HadaW2A,
  HadaW2B,
  HadaT1,
  HadaT2,
  KronW1,
  KronW1A,
  KronW1B,
  KronW2,
  KronW2A,
  KronW2B,
  KronT2,
  Diff,
  DiffBias,
  NormScale,
  NormShift,
  OftBlocks,
  OftRescale,
  GloraA1,
  GloraA2,
  GloraB1,
  GloraB2,
  Ia3Weight,
  Ia3OnInput
};

using Shape = std::vector<std::int64_t>;

/// Shapes of a module's factors, as its file's header tells them.
class FactorShapes {
 public:
  void add(Factor factor, Shape shape) { shapes_[factor] = std::move(shape); }
  /// Null when the module has no such factor.
  const Shape* find(Factor factor) const {
    const auto found = shapes_.find(factor);
    return found == shapes_.end() ? nullptr : &found->second;
  }
  bool has(Factor factor) const { return shapes_.contains(factor); }

 private:
  std::map<Factor, Shape> shapes_;
};

/// A module's factors, fp32 on the host.
class AdapterFactors {
 public:
  void add(Factor factor, at::Tensor tensor) { tensors_[factor] = std::move(tensor); }
  bool has(Factor factor) const { return tensors_.contains(factor); }
  /// Undefined when the module has no such factor.
  at::Tensor find(Factor factor) const {
    const auto found = tensors_.find(factor);
    return found == tensors_.end() ? at::Tensor() : found->second;
  }
  const at::Tensor& at(Factor factor) const { return tensors_.at(factor); }
  /// A factor of one number.
  std::optional<double> number(Factor factor) const;
  /// The usual scale: alpha / rank, or 1 when the file gives no alpha.
  double scale(std::int64_t rank) const;

  /// Use only this many of the ranks of a low-rank change; 0 for all of them.
  std::int64_t dynamicRank = 0;

 private:
  std::map<Factor, at::Tensor> tensors_;
};

}  // namespace studio::engine
