#include "engine/ops/precision_probe.h"

#include "engine/ops/cpu/reduced_precision.h"
#include "engine/ops/ops.h"

#include <ATen/ops/full.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <chrono>
#include <cstdio>

namespace studio::engine::ops {
namespace {

constexpr int kRuns = 3;
constexpr int kProductsInARow = 16;  ///< on a GPU, so that asking for them does not count
// bf16 keeps 8 bits of a product; it has to earn that.
constexpr double kWorthwhileGain = 1.3;

/// Best of some runs after one that touches memory and builds kernels.
template <class Work>
double bestSeconds(const Work& work) {
  work();
  double best = 1e9;
  for (int run = 0; run < kRuns; ++run) {
    const auto start = std::chrono::steady_clock::now();
    work();
    best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  return best;
}

/// Seconds of one convolution and one layer in SD 1.5's proportion (two thirds of a step's arithmetic to one third).
double secondsIn(ComputeFormat format) {
  const Conv2dShape shape{.out = 320, .in = 320, .kernel = 3, .padding = 1};
  const Conv2dWeights convolution =
      prepareConv2d(at::full({320, 320, 3, 3}, 0.01), std::nullopt, shape, format, at::kCPU);
  const LinearWeights layer = prepareLinear(at::full({1280, 320}, 0.01), std::nullopt, format, at::kCPU);
  const Tensor image = place(at::full({2, 320, 32, 32}, 0.5), format, at::kCPU);
  const Tensor tokens = tokensFromImage(image);
  return bestSeconds([&] { conv2d(image, convolution); }) + bestSeconds([&] { linear(tokens, layer); });
}

std::string milliseconds(double seconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", seconds * 1e3);
  return text;
}

Sentence figures(const char* chosen, double full, double reduced) {
  return sentence("%1: a trial took %2 ms in fp32 and %3 ms in bf16 on this processor.", chosen, milliseconds(full),
                  milliseconds(reduced));
}

}  // namespace

PrecisionChoice measureCpuPrecision() {
  const c10::InferenceMode inference;
  if (!cpu::reduced::isSupported(ComputeFormat::BFloat16))
    return {ComputeFormat::Float32, sentence("%1: this processor has no fast bf16 arithmetic.", "fp32")};
  const double full = secondsIn(ComputeFormat::Float32), reduced = secondsIn(ComputeFormat::BFloat16);
  if (full < reduced * kWorthwhileGain) return {ComputeFormat::Float32, figures("fp32", full, reduced)};
  return {ComputeFormat::BFloat16, figures("bf16", full, reduced)};
}

double measureGpuSecondsPerMultiplication(ComputeFormat format, at::Device device) {
  const c10::InferenceMode inference;
  constexpr std::int64_t kSide = 2048;
  const Tensor x = place(at::full({kSide, kSide}, 0.5), format, device);
  const LinearWeights layer = prepareLinear(at::full({kSide, kSide}, 0.01), std::nullopt, format, device);
  // A number that is read back has been computed.
  const double seconds = bestSeconds([&] {
    Tensor y = x;
    for (int i = 0; i < kProductsInARow; ++i) y = linear(y, layer);
    readBack(y.select(0, 0));
  });
  return seconds / (kProductsInARow * static_cast<double>(kSide * kSide * kSide));
}

}  // namespace studio::engine::ops
