#include "tests/engine/ops/reference.h"

#include "engine/memory/budget_allocator.h"

#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>

#include <mutex>
#include <set>
#include <thread>

namespace studio::engine::ops {
namespace {

class Workspace : public OperatorTest {
 protected:
  static void SetUpTestSuite() { installBudgetAllocator(); }

  /// Most bytes in use during `work` beyond those in use before, its result included.
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
};

TEST_F(Workspace, ofAConvolutionIsWhatItDeclares) {
  struct Size {
    std::int64_t in, out, side, kernel, stride;
  };
  // SD 1.5's shapes at 512x512; the UNet's at batch 2.
  const Size sizes[] = {{320, 320, 64, 3, 1},  {960, 320, 64, 3, 1}, {640, 640, 32, 3, 1}, {1280, 1280, 16, 3, 1},
                        {2560, 1280, 8, 3, 1}, {4, 320, 64, 3, 1},   {320, 320, 64, 3, 2}, {320, 4, 64, 3, 1},
                        {320, 640, 32, 1, 1},  {128, 128, 256, 3, 1}};
  for (const Size& s : sizes) {
    const Conv2dShape shape{.out = s.out, .in = s.in, .kernel = s.kernel, .stride = s.stride, .padding = s.kernel / 2};
    const Conv2dWeights weights = prepareConv2d(at::empty({s.out, s.in, s.kernel, s.kernel}).fill_(0.01), std::nullopt,
                                                shape, ComputeFormat::Float32, at::kCPU);
    const Tensor x = random({2, s.in, s.side, s.side});
    SCOPED_TRACE(testing::Message() << s.in << " -> " << s.out << " at " << s.side);
    expectDeclared(peakOf([&] { return conv2d(x, weights); }),
                   conv2dWorkspaceBytes(shape, 2, s.side, s.side, ComputeFormat::Float32));
  }
}

TEST_F(Workspace, ofAttentionIsWhatItDeclares) {
  for (const auto& [queries, keys, width] :
       {std::tuple{4096, 77, 40}, {1024, 1024, 80}, {256, 77, 160}, {64, 64, 160}}) {
    const Tensor q = random({2, queries, 8 * width}), k = random({2, keys, 8 * width});
    expectDeclared(peakOf([&] { return attention(q, k, k, 8); }),
                   attentionWorkspaceBytes(2, queries, keys, 8, width, ComputeFormat::Float32));
  }
}

TEST_F(Workspace, attentionNeverHoldsTheFullScoreMatrix) {
  const std::int64_t scores = 8 * 4096 * std::int64_t{4096} * 4;
  EXPECT_LT(attentionWorkspaceBytes(1, 4096, 4096, 8, 40, ComputeFormat::Float32), scores / 10);
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
