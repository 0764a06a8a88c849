#pragma once

#include "engine/sampling/noise_source.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace studio::engine {

/// A Brownian motion over [low, high] that is a function of its seed alone: what it does between two points does not
/// depend on which others were asked for, so a picture keeps its noise when the number of steps changes. The value at
/// the end is drawn first, then middles of halves (Lévy's construction) down to a grid of 1e-6.
/// The numbers are those of torchsde's BrownianTree with the same entropy on the rule's device, fp32.
class BrownianPath {
 public:
  /// `low` < `high`, both finite.
  BrownianPath(std::uint64_t seed, at::IntArrayRef shape, double low, double high, NoiseRule rule = {});

  /// W(to) − W(from), variance `to` − `from`; both are moved into [low, high]. `from` < `to`.
  at::Tensor increment(double from, double to) const;

 private:
  struct Span;
  void gather(const Span& span, double from, double to, std::vector<at::Tensor>& pieces) const;

  std::uint64_t seed_;
  std::vector<std::int64_t> shape_;
  double low_, high_;
  NoiseRule rule_;
};

}  // namespace studio::engine
