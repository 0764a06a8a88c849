#include "engine/ops/speed_probe.h"

#include "engine/ops/ops.h"

#include <ATen/ops/full.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <chrono>

namespace studio::engine::ops {
namespace {

constexpr int kTrials = 3;
constexpr std::int64_t kPictures = 2, kHeads = 8, kGroups = 32;

/// A residual block and a transformer behind it.
class TwoBlocks {
 public:
  TwoBlocks(std::int64_t channels, std::int64_t side, ComputeFormat format)
      : channels_(channels),
        side_(side),
        norm_(prepareNorm(at::full({channels}, 1.0), at::full({channels}, 0.0), kGroups, 1e-5, at::kCPU)),
        tokenNorm_(prepareNorm(at::full({channels}, 1.0), at::full({channels}, 0.0), 1, 1e-5, at::kCPU)),
        convolution_(prepareConv2d(at::full({channels, channels, 3, 3}, 0.01), std::nullopt,
                                   {.out = channels, .in = channels, .kernel = 3, .padding = 1}, format, at::kCPU)),
        project_(layer(channels, channels, format)),
        widen_(layer(8 * channels, channels, format)),
        narrow_(layer(channels, 4 * channels, format)),
        image_(place(at::full({kPictures, channels, side, side}, 0.5), format, at::kCPU)) {}

  Tensor run() const {
    const Tensor h = normSiluConv2d(image_, norm_, convolution_);  // [B,C,H,W]
    const Tensor x = normSiluConv2d(h, norm_, convolution_, {.residual = image_});
    const Tensor tokens = tokensFromImage(groupNorm(x, norm_));  // [B,H*W,C]
    const Tensor n = layerNorm(tokens, tokenNorm_);
    const Tensor seen = attention(linear(n, project_), linear(n, project_), linear(n, project_), kHeads);
    const Tensor y = linear(seen, project_, {.residual = tokens});
    return linear(linearGeglu(layerNorm(y, tokenNorm_), widen_), narrow_, {.residual = y});
  }

  double multiplications() const {
    const double pixels = static_cast<double>(kPictures * side_ * side_), width = static_cast<double>(channels_);
    const double tokens = static_cast<double>(side_ * side_);
    return pixels * width * (width * (2 * 9 + 4 + 8 + 4) + 2 * tokens);
  }

 private:
  static LinearWeights layer(std::int64_t out, std::int64_t in, ComputeFormat format) {
    return prepareLinear(at::full({out, in}, 0.01), std::nullopt, format, at::kCPU);
  }

  std::int64_t channels_, side_;
  NormWeights norm_, tokenNorm_;
  Conv2dWeights convolution_;
  LinearWeights project_, widen_, narrow_;
  Tensor image_;
};

/// Best of some runs after one that touches memory and builds kernels.
double secondsOf(const TwoBlocks& blocks) {
  blocks.run();
  double best = 1e9;
  for (int trial = 0; trial < kTrials; ++trial) {
    const auto start = std::chrono::steady_clock::now();
    blocks.run();
    best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  return best;
}

}  // namespace

CpuSpeed measureCpuSpeed(ComputeFormat format) {
  const c10::InferenceMode inference;
  const TwoBlocks large(320, 32, format), tiny(kGroups, 4, format);
  return {secondsOf(large) / large.multiplications(), secondsOf(tiny) / 2};
}

}  // namespace studio::engine::ops
