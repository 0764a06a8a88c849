#include "engine/ops/cpu/norms.h"

#include "engine/ops/cpu/kernels/kernel_table.h"

#include <ATen/ops/empty_like.h>
#include <ATen/ops/zeros.h>

#include <cmath>
#include <vector>

namespace studio::engine::ops::cpu {
namespace {

// Pixels whose sums are taken in fp32 before they are added up in double; also a thread's task. The division does not
// depend on the number of threads, so neither do the sums.
constexpr std::int64_t kPixelsOfSum = 256;

/// How a picture is cut for its sums: parts of rows, or some whole rows where these are short, but never a part that
/// crosses a multiple of kStripStep rows: a picture's strips have its own parts.
struct SumChunks {
  std::int64_t width, height, rows;
  Split parts;  ///< of a row, when `rows` is 1

  explicit SumChunks(const Tensor& x)
      : width(x.size(3)), height(x.size(2)), rows(1), parts(Split::bySize(width, kPixelsOfSum)) {
    while (2 * rows * width <= kPixelsOfSum && rows < kStripStep) rows *= 2;
  }
  std::int64_t count() const { return (height + rows - 1) / rows * parts.parts; }
  std::int64_t begin(std::int64_t chunk) const {
    return chunk / parts.parts * rows * width + parts.begin(chunk % parts.parts);
  }
  std::int64_t size(std::int64_t chunk) const {
    return rows == 1 ? parts.size(chunk % parts.parts) : std::min(rows, height - chunk * rows) * width;
  }
};

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

/// Sums of a channel's distances from its pivot, and of their squares.
struct ChannelSum {
  double sum = 0, squares = 0;
  void add(const float* chunk, std::int64_t channels) {
    sum += chunk[0];
    squares += chunk[channels];
  }
};

/// The sums of one chunk of a picture, to out [2][channels].
void sumChunk(const float* picture, std::int64_t channels, const SumChunks& chunks, std::int64_t chunk,
              const float* pivot, float* out) {
  kernels().channelSums(picture + chunks.begin(chunk) * channels, chunks.size(chunk), channels, pivot, out,
                        out + channels);
}

/// Scale and shift of a group's channels; `sumOf(channel)` is of `pixels` pixels.
template <class SumOf>
void writeFactors(const NormWeights& norm, std::int64_t group, std::int64_t pixels, const float* pivot,
                  const SumOf& sumOf, float* scale, float* shift) {
  const std::int64_t width = norm.scale.numel() / norm.groups, first = group * width;
  const float *weight = norm.scale.const_data_ptr<float>(), *bias = norm.shift.const_data_ptr<float>();
  Moments all;
  for (std::int64_t channel = first; channel < first + width; ++channel) {
    const ChannelSum s = sumOf(channel);
    const double count = static_cast<double>(pixels), mean = s.sum / count;
    all.add({count, mean + pivot[channel], std::max(0.0, s.squares - s.sum * mean)});
  }
  const double factor = 1.0 / std::sqrt(all.deviation / all.count + norm.epsilon);
  for (std::int64_t channel = first; channel < first + width; ++channel) {
    const double product = weight[channel] * factor;
    scale[channel] = static_cast<float>(product);
    shift[channel] = static_cast<float>(bias[channel] - all.mean * product);
  }
}

}  // namespace

GroupNormFactors::GroupNormFactors(const Tensor& known)
    : pictures_(1), channels_(known.numel() / 2), memory_(known), data_(known.const_data_ptr<float>()) {}

GroupNormFactors::GroupNormFactors(const Tensor& x, const NormWeights& norm)
    : pictures_(x.size(0)),
      channels_(x.size(1)),
      memory_(at::empty({2, pictures_, channels_}, at::kFloat)),
      data_(memory_.const_data_ptr<float>()) {
  const std::int64_t pixels = x.size(2) * x.size(3), channels = channels_;
  const SumChunks chunks(x);
  const std::int64_t count = chunks.count();
  const float* data = x.const_data_ptr<float>();
  const Scratch sums(2 * pictures_ * count * channels);
  forEachTask(pictures_ * count, [&](std::int64_t task, std::int64_t) {
    const float* picture = data + task / count * pixels * channels;  // whose first pixel keeps the squares small
    sumChunk(picture, channels, chunks, task % count, picture, sums.data() + task * 2 * channels);
  });
  float* factors = memory_.data_ptr<float>();
  forEachTask(pictures_ * norm.groups, [&](std::int64_t task, std::int64_t) {
    const std::int64_t picture = task / norm.groups;
    const auto sumOf = [&](std::int64_t channel) {
      ChannelSum sum;
      for (std::int64_t chunk = 0; chunk < count; ++chunk)
        sum.add(sums.data() + (picture * count + chunk) * 2 * channels + channel, channels);
      return sum;
    };
    writeFactors(norm, task % norm.groups, pixels, data + picture * pixels * channels, sumOf,
                 factors + picture * channels, factors + (pictures_ + picture) * channels);
  });
}

std::int64_t channelSumsFloats(const Tensor& rows) { return 2 * SumChunks(rows).count() * rows.size(1); }

void addChannelSums(ChannelSums& sums, const Tensor& rows) {
  const std::int64_t channels = rows.size(1);
  const float* data = rows.const_data_ptr<float>();
  if (!sums.pivot.defined()) {
    sums.pivot = at::empty({channels}, at::kFloat);
    std::copy_n(data, channels, sums.pivot.data_ptr<float>());
    sums.sums = at::zeros({2, channels}, at::kDouble);
  }
  const SumChunks chunks(rows);
  const float* pivot = sums.pivot.const_data_ptr<float>();
  const Scratch scratch(channelSumsFloats(rows));
  forEachTask(chunks.count(), [&](std::int64_t chunk, std::int64_t) {
    sumChunk(data, channels, chunks, chunk, pivot, scratch.data() + chunk * 2 * channels);
  });
  double *total = sums.sums.data_ptr<double>(), *squares = total + channels;
  for (std::int64_t chunk = 0; chunk < chunks.count(); ++chunk) {
    const float* at = scratch.data() + chunk * 2 * channels;
    for (std::int64_t channel = 0; channel < channels; ++channel) {
      total[channel] += at[channel];
      squares[channel] += at[channels + channel];
    }
  }
}

Tensor normFactors(const ChannelSums& sums, const NormWeights& norm) {
  const std::int64_t channels = sums.pivot.numel();
  const double* total = sums.sums.const_data_ptr<double>();
  Tensor factors = at::empty({2, channels}, at::kFloat);
  float* scale = factors.data_ptr<float>();
  for (std::int64_t group = 0; group < norm.groups; ++group) {
    writeFactors(
        norm, group, sums.pixels, sums.pivot.const_data_ptr<float>(),
        [&](std::int64_t channel) {
          return ChannelSum{total[channel], total[channels + channel]};
        },
        scale, scale + channels);
  }
  return factors;
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
