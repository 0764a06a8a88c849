#include "tests/engine/ops/reference.h"

#include "engine/memory/budget_allocator.h"
#include "engine/ops/footprint.h"

#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>

#include <mutex>
#include <set>
#include <thread>

namespace studio::engine::ops {
namespace {

class Footprint : public OperatorTest {
 protected:
  static void SetUpTestSuite() { installBudgetAllocator(); }

  /// Most bytes in use during `work` beyond those in use before, its result left out.
  template <class Work>
  static std::int64_t peakOf(const Work& work) {
    const std::int64_t before = hostPool().current.count;
    resetPeaks();
    const Tensor result = work();
    return hostPool().peak.count - before - static_cast<std::int64_t>(result.nbytes());
  }
  static void expectDeclared(std::int64_t measured, std::int64_t declared) {
    EXPECT_LE(measured, declared + 4096);
    EXPECT_GE(measured, declared - 4096);
  }
  static NormWeights norm(std::int64_t channels, std::int64_t groups) {
    return prepareNorm(at::ones({channels}), at::zeros({channels}), groups, 1e-5, at::kCPU);
  }
  static LinearWeights linearWeights(std::int64_t in, std::int64_t out) {
    return prepareLinear(at::empty({out, in}).fill_(0.01), at::zeros({out}), ComputeFormat::Float32, at::kCPU);
  }
};

TEST_F(Footprint, ofConvolutionsIsWhatIsDeclared) {
  struct Size {
    std::int64_t in, out, side, kernel, stride;
  };
  // Shapes of SD 1.5 at 512x512 and of SDXL at 1024x1024; the UNets' at batch 2.
  const Size sizes[] = {{320, 320, 64, 3, 1},  {960, 320, 64, 3, 1},   {640, 640, 32, 3, 1},  {1280, 1280, 16, 3, 1},
                        {2560, 1280, 8, 3, 1}, {4, 320, 64, 3, 1},     {320, 320, 64, 3, 2},  {320, 4, 64, 3, 1},
                        {320, 640, 32, 1, 1},  {128, 128, 256, 3, 1},  {320, 320, 128, 3, 1}, {640, 640, 64, 3, 1},
                        {640, 640, 64, 3, 2},  {1920, 1280, 32, 3, 1}, {960, 640, 64, 3, 1},  {1024, 512, 16, 1, 1}};
  for (const Size& s : sizes) {
    const Conv2dShape shape{.out = s.out, .in = s.in, .kernel = s.kernel, .stride = s.stride, .padding = s.kernel / 2};
    const Conv2dWeights weights = prepareConv2d(at::empty({s.out, s.in, s.kernel, s.kernel}).fill_(0.01), std::nullopt,
                                                shape, ComputeFormat::Float32, at::kCPU);
    const Tensor x = random({2, s.in, s.side, s.side});
    SCOPED_TRACE(testing::Message() << s.in << " -> " << s.out << " at " << s.side);
    expectDeclared(peakOf([&] { return conv2d(x, weights); }), cpuFootprints().conv2d(x, shape));
    if (s.in > 640 || s.side > 64) continue;  // the rest is the same for them
    if (s.in % 32 == 0) {
      const NormWeights groups = norm(s.in, 32);
      expectDeclared(peakOf([&] { return normSiluConv2d(x, groups, weights); }),
                     cpuFootprints().normSiluConv2d(x, shape));
    }
    if (s.stride == 1)
      expectDeclared(peakOf([&] { return upsampleConv2d(x, weights); }), cpuFootprints().upsampleConv2d(x, shape));
  }
}

TEST_F(Footprint, ofMatricesIsWhatIsDeclared) {
  for (const auto& [rows, in, out] :
       {std::tuple{4096, 320, 320}, {1024, 2560, 640}, {256, 1024, 1024}, {77, 2048, 1280}, {77, 768, 3072}}) {
    const LinearWeights weights = linearWeights(in, out);
    const Tensor x = random({2, rows, in});
    SCOPED_TRACE(testing::Message() << in << " -> " << out);
    expectDeclared(peakOf([&] { return linear(x, weights); }), cpuFootprints().linear(x, weights));
    expectDeclared(peakOf([&] { return linearGeglu(x, weights); }), cpuFootprints().linearGeglu(x, weights));
  }
  const LinearWeights odd = linearWeights(64, 72);  // its halves meet inside a vector of any width
  const Tensor x = random({2, 64, 64});
  expectDeclared(peakOf([&] { return linearGeglu(x, odd); }), cpuFootprints().linearGeglu(x, odd));
}

TEST_F(Footprint, ofNormsIsWhatIsDeclared) {
  const Tensor x = random({2, 320, 64, 64});
  const NormWeights groups = norm(320, 32);
  expectDeclared(peakOf([&] { return groupNormSilu(x, groups); }), cpuFootprints().groupNorm(x));
  const Tensor tokens = random({2, 1024, 640});
  const NormWeights layer = norm(640, 1);
  expectDeclared(peakOf([&] { return layerNorm(tokens, layer); }), cpuFootprints().layerNorm(tokens));
}

TEST_F(Footprint, ofStripsIsWhatIsDeclared) {
  const Conv2dShape shape{.out = 128, .in = 256, .kernel = 3, .padding = 1};
  const Conv2dWeights weights =
      prepareConv2d(at::empty({128, 256, 3, 3}).fill_(0.01), std::nullopt, shape, ComputeFormat::Float32, at::kCPU);
  Strip strip{.x = random({1, 256, 34, 256}), .above = 1, .below = 1};
  expectDeclared(peakOf([&] { return convStrip(strip, weights); }), cpuFootprints().convStrip(strip, shape));
  strip.enlarged = true;
  expectDeclared(peakOf([&] { return convStrip(strip, weights); }), cpuFootprints().convStrip(strip, shape));
  ChannelSums sums;
  addChannelSums(sums, strip.x);
  const auto add = [&] {
    addChannelSums(sums, strip.x);
    return Tensor(at::empty({0}));
  };
  expectDeclared(peakOf(add), cpuFootprints().addChannelSums(strip.x));
}

TEST_F(Footprint, ofAttentionIsWhatIsDeclared) {
  for (const auto& [queries, keys, width] :
       {std::tuple{4096, 77, 40}, {1024, 1024, 80}, {256, 77, 160}, {64, 64, 160}, {4096, 4096, 64}}) {
    const Tensor q = random({2, queries, 8 * width}), k = random({2, keys, 8 * width});
    expectDeclared(peakOf([&] { return attention(q, k, k, 8); }), cpuFootprints().attention(q, k, 8));
  }
}

TEST_F(Footprint, attentionNeverHoldsTheFullScoreMatrix) {
  const Tensor q = at::empty({1, 4096, 8 * 40}, at::TensorOptions().device(at::kMeta).dtype(at::kFloat));
  const std::int64_t scores = 8 * 4096 * std::int64_t{4096} * 4;
  EXPECT_LT(cpuFootprints().attention(q, q, 8), scores / 10);
}

TEST_F(Footprint, ofPreparedWeightsIsWhatTheyTake) {
  for (const ComputeFormat format : {ComputeFormat::Float32, ComputeFormat::BFloat16}) {
    for (const auto& [out, in] : {std::pair{320, 320}, {640, 64}, {100, 64}, {4, 320}, {1, 3}}) {
      if (format != ComputeFormat::Float32 && out < 320) continue;  // oneDNN's blocks, which are padded
      const Conv2dShape shape{.out = out, .in = in, .kernel = 3, .padding = 1};
      const std::int64_t before = hostPool().current.count;
      const Tensor weight = at::empty({out, in, 3, 3}).fill_(0.01), bias = at::zeros({out});
      const std::int64_t raw = hostPool().current.count - before;
      const Conv2dWeights conv = prepareConv2d(weight, bias, shape, format, at::kCPU);
      EXPECT_EQ(hostPool().current.count - before - raw, cpuFootprints().preparedConv2d(shape, true, format))
          << out << " x " << in;
    }
  }
}

TEST(Threads, parallelWorkRunsOnMoreThanOne) {
  at::set_num_threads(2);
  std::mutex mutex;
  std::set<std::thread::id> seen;
  at::parallel_for(0, 2, 1, [&](std::int64_t, std::int64_t) {
    const std::lock_guard lock(mutex);
    seen.insert(std::this_thread::get_id());
  });
  EXPECT_EQ(seen.size(), 2U) << "kernel targets are built without -fopenmp";
}

}  // namespace
}  // namespace studio::engine::ops
