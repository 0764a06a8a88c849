#include "engine/device/weight_copies.h"
#include "engine/device/compute_device.h"
#include "engine/runtime/copy_ring.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>
#include <c10/core/InferenceMode.h>
#include <gtest/gtest.h>

namespace studio::engine {
namespace {

TEST(WeightCopies, arriveInTheRingWhereTheyAreAskedFor) {
  const c10::InferenceMode inference;
  const at::Tensor ring = at::empty({1000}, at::kByte);
  const auto engine = makeCopyEngine(ring);
  std::vector<at::Tensor> sources;
  std::vector<CopyRing::Use> pass;
  for (int i = 1; i <= 5; ++i) {
    sources.push_back(at::full({100 * i}, i, at::kByte));
    pass.push_back({reinterpret_cast<std::uintptr_t>(sources.back().const_data_ptr()), 100 * i});
  }
  CopyRing copies(*engine, 1000, pass, 20);
  for (int use = 0; use < 100; ++use) {
    const at::Tensor& source = sources[static_cast<std::size_t>(use % 5)];
    EXPECT_TRUE(ring.narrow(0, copies.acquire(), source.numel()).equal(source)) << use;
    copies.release();
  }
}

TEST(WeightCopies, areMeasured) {
  const c10::InferenceMode inference;
  EXPECT_GT(measureCopyRate(at::kCPU, false), 1e7);
}

TEST(WeightCopies, pinNothingWithoutAGpu) {
  if (!computeDevice().is_cpu()) GTEST_SKIP() << "there is a GPU";
  EXPECT_FALSE(pinnedBytes(4096).defined());
  EXPECT_EQ(measureCopyRate(at::kCPU, true), 0);
}

}  // namespace
}  // namespace studio::engine
