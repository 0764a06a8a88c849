#include "engine/ops/cpu/norms.h"

#include "engine/ops/cpu/kernels/kernel_table.h"

#include <ATen/ops/empty_like.h>

#include <cmath>
#include <vector>

namespace studio::engine::ops::cpu {
namespace {

// Pixels whose sums are taken in fp32 before they are added up in double; also a thread's task. The division does not
// depend on the number of threads, so neither do the sums.
constexpr std::int64_t kPixelsOfSum = 256;

struct Moments {
  double count = 0, mean = 0, deviation = 0;  ///< deviation: sum of squared distances from the mean

  /// Chan, Golub & LeVeque 1979: two samples as one.
  void add(const Moments& other) {
    if (other.count == 0) return;
    const double total = count + other.count, distance = other.mean - mean;
    deviation += other.deviation + distance * distance * count * other.count / total;
    mean += distance * other.count / total;
    count = total;
  }
};

}  // namespace

GroupNormFactors::GroupNormFactors(const Tensor& x, const NormWeights& norm)
    : pictures_(x.size(0)), channels_(x.size(1)), memory_(2 * pictures_ * channels_) {
  const KernelTable& table = kernels();
  const std::int64_t pixels = x.size(2) * x.size(3), channels = channels_;
  const Split chunks = Split::bySize(pixels, kPixelsOfSum);
  const float* data = x.const_data_ptr<float>();
  const Scratch sums(2 * pictures_ * chunks.parts * channels);
  forEachTask(pictures_ * chunks.parts, [&](std::int64_t task, std::int64_t) {
    const std::int64_t picture = task / chunks.parts, chunk = task % chunks.parts;
    const float* pivot = data + picture * pixels * channels;  // the first pixel: keeps the squares small
    float* out = sums.data() + task * 2 * channels;
    table.channelSums(pivot + chunks.begin(chunk) * channels, chunks.size(chunk), channels, pivot, out, out + channels);
  });
  const std::int64_t width = channels / norm.groups;
  const float *weight = norm.scale.const_data_ptr<float>(), *bias = norm.shift.const_data_ptr<float>();
  forEachTask(pictures_ * norm.groups, [&](std::int64_t task, std::int64_t) {
    const std::int64_t picture = task / norm.groups, first = task % norm.groups * width;
    Moments group;
    for (std::int64_t channel = first; channel < first + width; ++channel) {
      double sum = 0, squares = 0;
      for (std::int64_t chunk = 0; chunk < chunks.parts; ++chunk) {
        const float* at = sums.data() + (picture * chunks.parts + chunk) * 2 * channels + channel;
        sum += at[0];
        squares += at[channels];
      }
      const double count = static_cast<double>(pixels), mean = sum / count;
      group.add({count, mean + data[picture * pixels * channels + channel], std::max(0.0, squares - sum * mean)});
    }
    const double factor = 1.0 / std::sqrt(group.deviation / group.count + norm.epsilon);
    for (std::int64_t channel = first; channel < first + width; ++channel) {
      const double scale = weight[channel] * factor;
      memory_.data()[picture * channels + channel] = static_cast<float>(scale);
      memory_.data()[(pictures_ + picture) * channels + channel] =
          static_cast<float>(bias[channel] - group.mean * scale);
    }
  });
}

Tensor groupNorm(const Tensor& x, const NormWeights& norm, bool silu) {
  const GroupNormFactors factors(x, norm);
  const KernelTable& table = kernels();
  const std::int64_t channels = x.size(1), pixels = x.size(2) * x.size(3);
  Tensor out = at::empty_like(x);
  const float* data = x.const_data_ptr<float>();
  float* target = out.data_ptr<float>();
  const Split chunks = Split::bySize(pixels, kPixelsOfSum);
  forEachTask(x.size(0) * chunks.parts, [&](std::int64_t task, std::int64_t) {
    const std::int64_t picture = task / chunks.parts, chunk = task % chunks.parts;
    const std::int64_t first = (picture * pixels + chunks.begin(chunk)) * channels;
    table.pixelRow({.in = data + first,
                    .out = target + first,
                    .pixels = chunks.size(chunk),
                    .channels = channels,
                    .inStride = channels,
                    .outStride = channels,
                    .scale = factors.scale(picture),
                    .shift = factors.shift(picture),
                    .silu = silu});
  });
  return out;
}

Tensor layerNorm(const Tensor& x, const NormWeights& norm) {
  const KernelTable& table = kernels();
  const Tensor input = x.contiguous();
  Tensor out = at::empty_like(input);
  const std::int64_t width = x.size(-1), rows = x.numel() / std::max<std::int64_t>(width, 1);
  const float *data = input.const_data_ptr<float>(), *scale = norm.scale.const_data_ptr<float>(),
              *shift = norm.shift.const_data_ptr<float>();
  float* target = out.data_ptr<float>();
  const Split blocks = Split::bySize(rows, 64);
  forEachTask(blocks.parts, [&](std::int64_t block, std::int64_t) {
    for (std::int64_t row = blocks.begin(block); row < blocks.begin(block + 1); ++row) {
      table.layerNormRow(data + row * width, target + row * width, width, scale, shift,
                         static_cast<float>(norm.epsilon));
    }
  });
  return out;
}

}  // namespace studio::engine::ops::cpu
