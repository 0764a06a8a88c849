#include "engine/ops/cpu/elementwise.h"

#include "engine/ops/cpu/kernels/kernel_table.h"
#include "engine/ops/cpu/tasks.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>

#include <cstring>

/// Element-wise operators work on memory as it lies: inputs are dense (contiguous or channels-last). A task owns 64
/// KiB.
namespace studio::engine::ops::cpu {
namespace {

constexpr std::int64_t kFloatsOfTask = 16 * 1024;

Tensor dense(const Tensor& x) { return x.is_non_overlapping_and_dense() ? x : x.contiguous(); }

Tensor activated(Activation kind, const Tensor& x, float parameter = 0) {
  const Tensor input = dense(x);
  Tensor out = at::empty_like(input);
  const float* data = input.const_data_ptr<float>();
  float* target = out.data_ptr<float>();
  const Split blocks = Split::bySize(x.numel(), kFloatsOfTask);
  forEachTask(blocks.parts, [&](std::int64_t block, std::int64_t) {
    kernels().activate(kind, data + blocks.begin(block), target + blocks.begin(block), blocks.size(block), parameter);
  });
  return out;
}

}  // namespace

Tensor silu(const Tensor& x) { return activated(Activation::Silu, x); }
Tensor gelu(const Tensor& x) { return activated(Activation::Gelu, x); }
Tensor quickGelu(const Tensor& x) { return activated(Activation::QuickGelu, x); }
Tensor relu(const Tensor& x) { return activated(Activation::Relu, x); }
Tensor tanhClamp(const Tensor& x, double limit) {
  return activated(Activation::TanhClamp, x, static_cast<float>(limit));
}

Tensor add(const Tensor& a, const Tensor& b) {
  const Tensor first = dense(a), second = b.strides() == first.strides() ? b : at::empty_like(first).copy_(b);
  Tensor out = at::empty_like(first);
  const float *x = first.const_data_ptr<float>(), *y = second.const_data_ptr<float>();
  float* target = out.data_ptr<float>();
  const Split blocks = Split::bySize(a.numel(), kFloatsOfTask);
  forEachTask(blocks.parts, [&](std::int64_t block, std::int64_t) {
    const std::int64_t from = blocks.begin(block);
    kernels().addRow(x + from, y + from, target + from, blocks.size(block));
  });
  return out;
}

Tensor concatChannels(const Tensor& a, const Tensor& b) {
  const std::size_t value = a.element_size(), first = static_cast<std::size_t>(a.size(1)) * value,
                    second = static_cast<std::size_t>(b.size(1)) * value;
  Tensor out = imageLike(a, a.size(1) + b.size(1), a.size(2), a.size(3));
  const char *x = static_cast<const char*>(a.const_data_ptr()), *y = static_cast<const char*>(b.const_data_ptr());
  char* target = static_cast<char*>(out.data_ptr());
  const Split blocks = Split::bySize(a.size(0) * a.size(2) * a.size(3), 64);
  forEachTask(blocks.parts, [&](std::int64_t block, std::int64_t) {
    for (auto pixel = static_cast<std::size_t>(blocks.begin(block));
         pixel < static_cast<std::size_t>(blocks.begin(block + 1)); ++pixel) {
      std::memcpy(target + pixel * (first + second), x + pixel * first, first);
      std::memcpy(target + pixel * (first + second) + first, y + pixel * second, second);
    }
  });
  return out;
}

Tensor upsampleNearest(const Tensor& x) {
  const std::int64_t height = x.size(2), width = x.size(3);
  const std::size_t pixelBytes = static_cast<std::size_t>(x.size(1)) * x.element_size(),
                    rowBytes = pixelBytes * static_cast<std::size_t>(width);
  Tensor out = imageLike(x, x.size(1), 2 * height, 2 * width);
  const char* data = static_cast<const char*>(x.const_data_ptr());
  char* target = static_cast<char*>(out.data_ptr());
  forEachTask(x.size(0) * height, [&](std::int64_t task, std::int64_t) {
    const auto row = static_cast<std::size_t>(task);
    char* enlarged = target + row * 4 * rowBytes;
    for (std::size_t pixel = 0; pixel < static_cast<std::size_t>(width); ++pixel) {
      std::memcpy(enlarged + 2 * pixel * pixelBytes, data + row * rowBytes + pixel * pixelBytes, pixelBytes);
      std::memcpy(enlarged + (2 * pixel + 1) * pixelBytes, data + row * rowBytes + pixel * pixelBytes, pixelBytes);
    }
    std::memcpy(enlarged + 2 * rowBytes, enlarged, 2 * rowBytes);
  });
  return out;
}

}  // namespace studio::engine::ops::cpu
