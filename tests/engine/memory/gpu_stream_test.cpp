#include "engine/device/compute_device.h"
#include "engine/device/weight_copies.h"
#include "engine/memory/block_runner.h"
#include "engine/memory/weight_placing.h"
#include "engine/memory/weight_stream.h"
#include "engine/ops/ops.h"
#include "engine/weights/random_tensor_source.h"

#include <ATen/ops/full.h>
#include <c10/core/InferenceMode.h>
#include <gtest/gtest.h>

/// What only a GPU can show; skipped where there is none.
namespace studio::engine {
namespace {

constexpr int kLayers = 8;
constexpr std::int64_t kWidth = 1024;

class GpuStream : public testing::Test {
 protected:
  void SetUp() override {
    if (device_.is_cpu()) GTEST_SKIP() << "no GPU that this build can use";
    for (int i = 0; i < kLayers; ++i) {
      table_.beginBlock("block" + std::to_string(i));
      layers_.push_back(table_.linear("layer" + std::to_string(i), kWidth, kWidth));
    }
    source_ = std::make_shared<RandomTensorSource>(table_, 1);
  }

  /// One pass, begun on the device and read back.
  at::Tensor pass(Residency& residency) const {
    BlockRunner runner(residency, {});
    at::Tensor x = ops::place(at::full({64, kWidth}, 0.5), ops::ComputeFormat::Float16, device_);
    for (int i = 0; i < kLayers; ++i)
      runner.run(i, [&](const WeightLease& w) { x = ops::linear(x, w[layers_[static_cast<std::size_t>(i)]]); });
    return ops::readBack(x);
  }

  c10::InferenceMode inference_;
  const at::Device device_ = computeDevice();
  WeightTable table_;
  std::vector<LinearRef> layers_;
  std::shared_ptr<const TensorSource> source_;
};

TEST_F(GpuStream, givesTheSameNumbersAsWeightsThatStay) {
  Residency resident(table_, source_, ops::ComputeFormat::Float16, device_);
  const at::Tensor expected = pass(resident);
  const std::int64_t slot = stretchFor(table_, 0, ops::ComputeFormat::Float16, ops::gpuFootprints());
  StreamOrder order;
  for (int i = 0; i < kLayers; ++i) order.passing.push_back(i);
  for (const bool pinned : {true, false}) {
    for (const std::int64_t slots : {1, 2, 3, 20}) {
      Residency streamed(table_, source_, ops::ComputeFormat::Float16, device_);
      streamed.keepOnly(std::vector<bool>(kLayers, false));
      order.ring = {slots * slot};
      streamed.stream(order, {{1 << 30}, {pinned ? 1 << 30 : 0}}, {makeCopyEngine, pinnedBytes});
      for (int i = 0; i < 20; ++i) ASSERT_TRUE(pass(streamed).equal(expected)) << slots << " slots, pass " << i;
      EXPECT_EQ(streamed.residentBytes(), slots * slot);
    }
  }
}

TEST_F(GpuStream, pinsMemoryThatCopiesFasterThanOther) {
  const at::Tensor memory = pinnedBytes(1 << 20);
  ASSERT_TRUE(memory.defined());
  EXPECT_TRUE(memory.is_pinned());
  EXPECT_GT(measureCopyRate(device_, true), measureCopyRate(device_, false));
}

}  // namespace
}  // namespace studio::engine
