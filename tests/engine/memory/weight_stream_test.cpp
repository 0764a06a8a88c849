#include "engine/memory/weight_stream.h"

#include "engine/memory/block_runner.h"
#include "engine/memory/weight_placing.h"
#include "engine/ops/ops.h"
#include "engine/runtime/thread_copy_engine.h"
#include "engine/weights/random_tensor_source.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>
#include <c10/core/InferenceMode.h>
#include <gtest/gtest.h>

#include <cstring>
#include <map>

namespace studio::engine {
namespace {

/// A thread in the place of a device's stream of copies.
std::unique_ptr<CopyEngine> threadCopies(const at::Tensor& ring) {
  auto* begin = static_cast<std::byte*>(ring.data_ptr());
  return std::make_unique<ThreadCopyEngine>([begin](std::uint64_t source, std::int64_t offset, std::int64_t bytes) {
    std::memcpy(begin + offset, reinterpret_cast<const void*>(source), static_cast<std::size_t>(bytes));
  });
}

/// Counts what is read, and fails where it is told to.
class CountedSource final : public TensorSource {
 public:
  explicit CountedSource(std::shared_ptr<const TensorSource> base) : base_(std::move(base)) {}
  const std::vector<std::int64_t>* shapeOf(const std::string& name) const override { return base_->shapeOf(name); }
  at::Tensor load(const std::string& name) const override {
    if (name == failing) C10_THROW_ERROR(OutOfMemoryError, "the host is full");
    ++loads[name];
    return base_->load(name);
  }
  std::vector<std::string> names() const override { return base_->names(); }
  mutable std::map<std::string, int> loads;
  std::string failing;

 private:
  std::shared_ptr<const TensorSource> base_;
};

constexpr int kLayers = 6;
constexpr std::int64_t kWidth = 64;

/// A network of layers that are each a block.
class WeightStreamTest : public testing::Test {
 protected:
  WeightStreamTest() {
    installBudgetAllocator();
    for (int i = 0; i < kLayers; ++i) {
      blocks_.push_back(table_.beginBlock("block" + std::to_string(i)));
      norms_.push_back(table_.norm("norm" + std::to_string(i), kWidth));
      layers_.push_back(table_.linear("layer" + std::to_string(i), kWidth, kWidth));
    }
    source_ = std::make_shared<CountedSource>(std::make_shared<RandomTensorSource>(table_, 1));
  }

  Residency residency() const { return {table_, source_, ops::ComputeFormat::Float32, at::kCPU}; }

  std::int64_t stretch() const { return stretchFor(table_, 0, ops::ComputeFormat::Float32, ops::cpuFootprints()); }
  /// All blocks but `stay` through a ring for `slots` of them.
  void stream(Residency& residency, double slots, std::int64_t most = 1 << 30, std::vector<int> stay = {}) const {
    std::vector<bool> stays(kLayers, false);
    for (const int block : stay) stays[static_cast<std::size_t>(block)] = true;
    StreamOrder order;
    for (const int block : blocks_) {
      if (!stays[static_cast<std::size_t>(block)]) order.passing.push_back(block);
    }
    order.ring = {static_cast<std::int64_t>(slots * static_cast<double>(stretch()))};
    residency.keepOnly(stays);
    residency.stream(order, {{most}, {}}, {threadCopies, {}});
  }

  /// One pass; gives up before `end`.
  at::Tensor pass(Residency& residency, int end = kLayers) const {
    BlockRunner runner(residency, {});
    at::Tensor x = at::full({3, kWidth}, 0.5);
    for (int i = 0; i < end; ++i) {
      const auto place = static_cast<std::size_t>(i);
      runner.run(blocks_[place], [&](const WeightLease& w) {
        x = ops::linear(ops::layerNorm(x, w[norms_[place]]), w[layers_[place]]);
      });
    }
    return x;
  }

  c10::InferenceMode inference_;
  WeightTable table_;
  std::vector<int> blocks_;
  std::vector<NormRef> norms_;
  std::vector<LinearRef> layers_;
  std::shared_ptr<CountedSource> source_;
};

TEST_F(WeightStreamTest, givesTheSameNumbersAsWeightsThatStay) {
  Residency resident = residency();
  const at::Tensor expected = pass(resident);
  for (const double slots : {1.0, 1.5, 2.2, 4.0, 20.0}) {
    Residency streamed = residency();
    stream(streamed, slots);
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(pass(streamed).equal(expected)) << slots;
    stream(streamed, slots, 1 << 30, {1, 4});
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(pass(streamed).equal(expected)) << slots;
  }
}

TEST_F(WeightStreamTest, readsEachBlockOnceAndTakesNoMoreOfTheDeviceThanItsRing) {
  Residency streamed = residency();
  stream(streamed, 2);
  resetPeaks();
  const Bytes before = devicePool().current;
  streamed.placeAll({});
  EXPECT_EQ(devicePool().peak, before) << "nothing is on the device before its use";
  EXPECT_GT(streamed.hostBytes().count, 0);
  for (int i = 0; i < 4; ++i) pass(streamed);
  for (const auto& [name, count] : source_->loads) EXPECT_EQ(count, 1) << name;
  EXPECT_EQ(static_cast<int>(source_->loads.size()), 4 * kLayers);
  EXPECT_EQ(streamed.residentBytes(), 2 * stretch());
  const std::int64_t activations = 4 * 3 * kWidth * static_cast<std::int64_t>(sizeof(float));
  EXPECT_LE(devicePool().peak.count, before.count + 2 * stretch() + activations);
  streamed.dropAll();
  EXPECT_EQ(devicePool().current, before);
  EXPECT_GT(streamed.hostBytes().count, 0) << "for the next time";
  pass(streamed);
  for (const auto& [name, count] : source_->loads) EXPECT_EQ(count, 1) << name;
}

TEST_F(WeightStreamTest, readsWhatHasNoRoomOnTheHostForEachUse) {
  Residency resident = residency();
  const at::Tensor expected = pass(resident);
  source_->loads.clear();
  Residency streamed = residency();
  stream(streamed, 2, 2 * stretch() + 1);
  streamed.placeAll({});
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(pass(streamed).equal(expected));
  EXPECT_EQ(source_->loads["layer0.weight"], 1);
  EXPECT_EQ(source_->loads["layer1.weight"], 1);
  EXPECT_GE(source_->loads["layer2.weight"], 3);
  EXPECT_LE(streamed.hostBytes().count, 2 * stretch());
  stream(streamed, 2, 0);
  EXPECT_EQ(streamed.hostBytes().count, 0) << "the room became smaller";
  EXPECT_TRUE(pass(streamed).equal(expected));
}

TEST_F(WeightStreamTest, beginsAgainAfterAPassThatWasNotCarriedThrough) {
  Residency resident = residency();
  const at::Tensor expected = pass(resident);
  for (int end = 0; end <= kLayers; ++end) {
    Residency streamed = residency();
    stream(streamed, 2.5);
    pass(streamed, end);
    pass(streamed, kLayers - end);
    EXPECT_TRUE(pass(streamed).equal(expected)) << end;
    EXPECT_TRUE(pass(streamed).equal(expected)) << end;
  }
}

TEST_F(WeightStreamTest, goesOnWhenWorkThrowsInsideABlock) {
  Residency resident = residency();
  const at::Tensor expected = pass(resident);
  Residency streamed = residency();
  stream(streamed, 2);
  BlockRunner runner(streamed, {});
  EXPECT_THROW(runner.run(blocks_[0], [](const WeightLease&) { throw std::bad_alloc(); }), std::bad_alloc);
  EXPECT_TRUE(pass(streamed).equal(expected));
  std::stop_source stop;
  BlockRunner stopped(streamed, stop.get_token());
  stopped.run(blocks_[0], [&](const WeightLease&) { stop.request_stop(); });
  EXPECT_THROW(stopped.run(blocks_[1], [](const WeightLease&) {}), Cancelled);
  EXPECT_TRUE(pass(streamed).equal(expected));
}

TEST_F(WeightStreamTest, saysWhenABlockCannotBeReadAndGoesOnWhenItCan) {
  Residency resident = residency();
  const at::Tensor expected = pass(resident);
  Residency streamed = residency();
  stream(streamed, 2);
  source_->failing = "layer3.weight";
  EXPECT_THROW(pass(streamed), c10::OutOfMemoryError);
  EXPECT_THROW(pass(streamed), c10::OutOfMemoryError);
  source_->failing.clear();
  EXPECT_TRUE(pass(streamed).equal(expected));
}

TEST_F(WeightStreamTest, saysWhenTheRingHasNoRoomAndGoesOnWithASmallerOne) {
  Residency resident = residency();
  const at::Tensor expected = pass(resident);
  resident.dropAll();
  Residency streamed = residency();
  stream(streamed, 4);
  const std::int64_t activations = 16 << 10;
  setDeviceBudget({devicePool().current.count + 2 * stretch() + activations});
  EXPECT_THROW(pass(streamed), c10::OutOfMemoryError);
  stream(streamed, 1.7);
  EXPECT_TRUE(pass(streamed).equal(expected));
  setDeviceBudget({0});
}

TEST_F(WeightStreamTest, forgetsCopiesOfWeightsThatChange) {
  Residency streamed = residency();
  stream(streamed, 3);
  pass(streamed);
  const auto other = std::make_shared<RandomTensorSource>(table_, 2);
  class Mixed final : public TensorSource {
   public:
    Mixed(std::shared_ptr<const TensorSource> base, std::shared_ptr<const TensorSource> second)
        : base_(std::move(base)), second_(std::move(second)) {}
    const std::vector<std::int64_t>* shapeOf(const std::string& name) const override { return base_->shapeOf(name); }
    at::Tensor load(const std::string& name) const override {
      return (name == "layer0.weight" ? second_ : base_)->load(name);
    }
    std::vector<std::string> names() const override { return base_->names(); }

   private:
    std::shared_ptr<const TensorSource> base_, second_;
  };
  const auto mixed = std::make_shared<Mixed>(source_, other);
  Residency resident(table_, mixed, ops::ComputeFormat::Float32, at::kCPU);
  const at::Tensor expected = pass(resident);
  source_->loads.clear();
  streamed.replaceSource(mixed, [](const std::string& name) { return name == "layer0.weight"; });
  EXPECT_TRUE(pass(streamed).equal(expected)) << "the first block had been copied ahead for this pass";
  EXPECT_EQ(source_->loads.count("layer1.weight"), 0U) << "the others' copies are as they were";
}

TEST_F(WeightStreamTest, takesOtherMemoryWhereNoneCanBePinned) {
  int asked = 0;
  const HostBlocks::PinnedBytes pinned = [&](std::int64_t bytes) {
    return ++asked <= 2 ? at::empty({bytes}, at::kByte) : at::Tensor();
  };
  HostBlocks host(table_, source_, ops::ComputeFormat::Float32, at::kCPU, pinned);
  host.setRoom({{1 << 30}, {1 << 30}});
  host.get(0), host.get(1);
  EXPECT_FALSE(host.wasRefusedPinned());
  for (const int block : blocks_) EXPECT_EQ(host.get(block)->pinned, block < 2);
  EXPECT_TRUE(host.wasRefusedPinned());
  EXPECT_EQ(asked, 3) << "who is refused does not ask again";
  EXPECT_EQ(host.count(), kLayers);
  EXPECT_EQ(host.pinnedBytes().count, host.bytes().count / kLayers * 2);
}

TEST_F(WeightStreamTest, pinsNoMoreThanItMay) {
  const HostBlocks::PinnedBytes pinned = [](std::int64_t bytes) { return at::empty({bytes}, at::kByte); };
  HostBlocks host(table_, source_, ops::ComputeFormat::Float32, at::kCPU, pinned);
  host.setRoom({{1 << 30}, {3 * stretch()}});
  for (const int block : blocks_) host.get(block);
  EXPECT_EQ(host.count(), kLayers);
  EXPECT_LE(host.pinnedBytes().count, 3 * stretch());
  EXPECT_TRUE(host.get(2)->pinned);
  EXPECT_FALSE(host.get(3)->pinned);
  host.setRoom({{1 << 30}, {0}});
  EXPECT_EQ(host.pinnedBytes().count, 0);
  EXPECT_EQ(host.count(), 3) << "the others stay";
  EXPECT_FALSE(host.get(0)->pinned);
}

TEST_F(WeightStreamTest, needsNoMoreThanItSays) {
  HostBlocks host(table_, source_, ops::ComputeFormat::Float32, at::kCPU, {});
  host.setRoom({{1 << 30}, {}});
  for (const int block : blocks_) {
    EXPECT_LE(static_cast<std::int64_t>(host.get(block)->memory.nbytes()), host.stretchFor(block));
    EXPECT_GT(static_cast<std::int64_t>(host.get(block)->memory.nbytes()), host.stretchFor(block) - 1024);
  }
}

}  // namespace
}  // namespace studio::engine
