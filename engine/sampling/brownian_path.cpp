#include "engine/sampling/brownian_path.h"

#include "engine/sampling/seed_sequence.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace studio::engine {
namespace {

constexpr int kPoolSize = 24;

/// To six decimals, correctly rounded: grid points must be equal bit for bit however they were reached.
double onGrid(double value) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.6f", value);
  return std::strtod(text.data(), nullptr);
}

}  // namespace

/// A stretch of the path, found by halving: `place` counts the stretches of its depth from the left.
struct BrownianPath::Span {
  double start, end;
  std::uint64_t place, depth;
  at::Tensor increment;
};

BrownianPath::BrownianPath(std::uint64_t seed, at::IntArrayRef shape, double low, double high, NoiseRule rule)
    : seed_(seed), shape_(shape.vec()), low_(low), high_(high), rule_(rule) {}

at::Tensor BrownianPath::increment(double from, double to) const {
  const Span whole{onGrid(low_), onGrid(high_), 0, 0,
                   seededNoise(seedSequence(seed_, {}, kPoolSize, 1)[0], shape_, rule_) * std::sqrt(high_ - low_)};
  from = std::clamp(onGrid(from), whole.start, whole.end);
  to = std::clamp(onGrid(to), whole.start, whole.end);
  if (from >= to) return at::zeros(shape_, at::kFloat);
  std::vector<at::Tensor> pieces;
  gather(whole, from, to, pieces);
  at::Tensor sum = pieces.front();
  for (std::size_t i = 1; i < pieces.size(); ++i) sum = sum + pieces[i];
  return sum;
}

/// Appends the increments of the largest halves that make up [from, to], which lies within `span`, left to right.
void BrownianPath::gather(const Span& span, double from, double to, std::vector<at::Tensor>& pieces) const {
  if (from == span.start && to == span.end) {
    pieces.push_back(span.increment);
    return;
  }
  const double middle = onGrid(0.5 * (span.end + span.start));
  const double before = middle - span.start, after = span.end - middle, share = 1 / (span.end - span.start);
  const std::array<std::uint64_t, 2> key{span.place, span.depth};
  const at::Tensor noise = seededNoise(seedSequence(seed_, key, kPoolSize, 1)[0], shape_, rule_);
  const at::Tensor left = span.increment * before * share + noise * std::sqrt(before * after * share);
  if (from < middle) {
    gather({span.start, middle, 2 * span.place, span.depth + 1, left}, from, std::min(to, middle), pieces);
  }
  if (to > middle) {
    const Span right{middle, span.end, 2 * span.place + 1, span.depth + 1, span.increment - left};
    gather(right, std::max(from, middle), to, pieces);
  }
}

}  // namespace studio::engine
