#include "engine/ops/cpu/packed_weights.h"

#include "engine/ops/cpu/kernels/kernel_table.h"
#include "engine/ops/cpu/tasks.h"
#include "engine/ops/weight_pieces.h"

#include <ATen/ops/empty.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace studio::engine::ops::cpu {
namespace {

constexpr std::int64_t kBlock = 64;

/// One panel from rows of `weight` [out][in * taps]; a row's values are walked in blocks that stay in the first cache.
void packPanel(const float* weight, std::int64_t columns, std::int64_t in, std::int64_t taps, std::int64_t panelWidth,
               float* panel) {
  const std::int64_t rowLength = in * taps;
  for (std::int64_t first = 0; first < rowLength; first += kBlock) {
    const std::int64_t count = std::min(kBlock, rowLength - first);
    for (std::int64_t i = first; i < first + count; ++i) {
      const std::int64_t channel = i / taps, tap = i - channel * taps;
      float* row = panel + (tap * in + channel) * panelWidth;
      for (std::int64_t column = 0; column < columns; ++column) row[column] = weight[column * rowLength + i];
      for (std::int64_t column = columns; column < panelWidth; ++column) row[column] = 0;
    }
  }
}

}  // namespace

PackedWeights::PackedWeights(const Tensor& weight, const std::optional<Tensor>& bias)
    : out(weight.size(0)),
      in(weight.size(1)),
      taps(weight.numel() / std::max<std::int64_t>(1, weight.size(0) * weight.size(1))),
      width_(kernels().width) {
  const Tensor raw = weight.to(at::kFloat).contiguous();
  const std::int64_t lanes = kernels().lanes;
  panels_ = at::empty({storedFloats(out, in, taps)}, at::kFloat);
  float* target = panels_.data_ptr<float>();
  forEachTask(panels(), [&](std::int64_t index, std::int64_t) {
    const std::int64_t columns = columnsOf(index);
    packPanel(raw.const_data_ptr<float>() + index * width_ * in * taps, columns, in, taps,
              columns <= lanes ? lanes : width_, target + index * taps * in * width_);
  });
  if (bias) bias_ = bias->to(at::kFloat).contiguous().clone();
}

std::vector<Tensor> PackedWeights::pieces() const {
  return ops::pieces(panels_, bias_.defined() ? std::optional<Tensor>(bias_) : std::nullopt);
}

std::shared_ptr<const Prepared> PackedWeights::over(std::span<const Tensor> pieces) const {
  auto other = std::make_shared<PackedWeights>(*this);
  other->panels_ = pieces[0];
  if (bias_.defined()) other->bias_ = pieces[1];
  return other;
}

std::int64_t PackedWeights::storedFloats(std::int64_t out, std::int64_t in, std::int64_t taps) {
  const std::int64_t lanes = kernels().lanes, width = kernels().width, rest = out % width;
  return (out - rest + (rest == 0 ? 0 : rest <= lanes ? lanes : width)) * taps * in;
}

std::int64_t PackedWeights::columnsOf(std::int64_t index) const { return std::min(width_, out - index * width_); }

std::int64_t PackedWeights::bytes() const {
  return static_cast<std::int64_t>(panels_.nbytes() + (bias_.defined() ? bias_.nbytes() : 0));
}

}  // namespace studio::engine::ops::cpu
