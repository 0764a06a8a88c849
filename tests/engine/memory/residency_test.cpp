#include "engine/memory/block_runner.h"
#include "engine/weights/random_tensor_source.h"

#include <ATen/ops/empty.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

namespace studio::engine {
namespace {

class ResidencyTest : public testing::Test {
 protected:
  ResidencyTest() {
    first_ = table_.beginBlock("first");
    a_ = table_.linear("a", 8, 16);
    second_ = table_.beginBlock("second");
    b_ = table_.norm("b", 16, 4);
    source_ = std::make_shared<RandomTensorSource>(table_, 1);
  }

  Residency residency(at::Device device = at::kCPU) const {
    return {table_, source_, ops::ComputeFormat::Float32, device};
  }

  WeightTable table_;
  int first_ = 0, second_ = 0;
  LinearRef a_;
  NormRef b_;
  std::shared_ptr<const TensorSource> source_;
};

TEST_F(ResidencyTest, leasesOnlyTheWeightsOfTheBlock) {
  Residency resident = residency();
  BlockRunner runner(resident, {});
  runner.run(first_, [&](const WeightLease& w) {
    EXPECT_EQ(w[a_].out, 16);
    EXPECT_THROW(w[b_], c10::Error);
    EXPECT_THROW(w[LinearRef{}], c10::Error);
  });
  runner.run(second_, [&](const WeightLease& w) {
    EXPECT_EQ(w[b_].groups, 4);
    EXPECT_THROW(w[a_], c10::Error);
  });
}

TEST_F(ResidencyTest, whatRestsIsIdleAndStaysWhereItIs) {
  installBudgetAllocator();
  const std::int64_t device = devicePool().current.count, idle = idlePool().current.count;
  Residency resident = residency();
  resident.placeAll({});
  const std::int64_t placed = devicePool().current.count - device;
  ASSERT_GE(placed, resident.residentBytes());
  const void* before = nullptr;
  BlockRunner runner(resident, {});
  runner.run(first_, [&](const WeightLease& w) { before = w[a_].prepared.get(); });
  resident.rest();
  EXPECT_EQ(devicePool().current.count, device);
  EXPECT_EQ(idlePool().current.count - idle, placed);
  resident.wake();
  EXPECT_EQ(devicePool().current.count - device, placed);
  runner.run(first_, [&](const WeightLease& w) { EXPECT_EQ(w[a_].prepared.get(), before); });
  resident.rest();
  resident.wake();
  resident.workOn(at::kCPU, MemoryPool::Host);
  resident.placeAll({});
  EXPECT_EQ(devicePool().current.count, device) << "it works on the host now";
  resident.rest();
  EXPECT_EQ(idlePool().current.count - idle, placed);
  resident.dropAll();
  EXPECT_EQ(idlePool().current.count, idle);
}

TEST_F(ResidencyTest, placesABlockWhenItIsFirstLeasedAndKeepsIt) {
  Residency resident = residency();
  EXPECT_EQ(resident.residentBytes(), 0);
  const void* before = nullptr;
  BlockRunner runner(resident, {});
  runner.run(first_, [&](const WeightLease& w) { before = w[a_].prepared.get(); });
  const std::int64_t bytes = resident.residentBytes();
  EXPECT_GT(bytes, 0);
  runner.run(first_, [&](const WeightLease& w) { EXPECT_EQ(w[a_].prepared.get(), before); });
  EXPECT_EQ(resident.residentBytes(), bytes);
  resident.placeAll({});
  EXPECT_GT(resident.residentBytes(), bytes);
  resident.dropAll();
  EXPECT_EQ(resident.residentBytes(), 0);
}

TEST_F(ResidencyTest, keepsCompactWeightsAsTheyAreStoredAndPreparesThemForEachLease) {
  class Compact final : public TensorSource {
   public:
    explicit Compact(std::shared_ptr<const TensorSource> base) : base_(std::move(base)) {}
    const std::vector<std::int64_t>* shapeOf(const std::string& name) const override { return base_->shapeOf(name); }
    at::Tensor load(const std::string& name) const override {
      ++loads_[name];
      return base_->load(name);
    }
    bool isCompact(const std::string& name) const override { return name == "a.weight"; }
    void hold(const std::string& name) const override { held_.insert(name); }
    std::vector<std::string> names() const override { return base_->names(); }
    int loads(const std::string& name) const { return loads_[name]; }
    const std::set<std::string>& held() const { return held_; }

   private:
    std::shared_ptr<const TensorSource> base_;
    mutable std::map<std::string, int> loads_;
    mutable std::set<std::string> held_;
  };
  const auto compact = std::make_shared<Compact>(source_);
  Residency resident(table_, compact, ops::ComputeFormat::Float32, at::kCPU);
  BlockRunner runner(resident, {});
  for (int i = 0; i < 2; ++i) {
    runner.run(first_, [&](const WeightLease& w) { EXPECT_EQ(w[a_].out, 16); });
    runner.run(second_, [&](const WeightLease& w) { EXPECT_EQ(w[b_].groups, 4); });
  }
  EXPECT_EQ(compact->loads("a.weight"), 2);
  EXPECT_EQ(compact->loads("b.weight"), 1);
  EXPECT_EQ(compact->held(), (std::set<std::string>{"a.bias", "a.weight"}));
  Residency plain(table_, source_, ops::ComputeFormat::Float32, at::kCPU);
  plain.placeAll({});
  EXPECT_LT(resident.residentBytes(), plain.residentBytes());
}

TEST_F(ResidencyTest, placesOnlyTheChangedWeightsOfABlockAnew) {
  const LinearRef c = table_.linear("c", 8, 16);  // in the second block, beside b
  source_ = std::make_shared<RandomTensorSource>(table_, 1);
  Residency resident = residency();
  BlockRunner runner(resident, {});
  resident.placeAll({});
  const std::int64_t all = resident.residentBytes();
  const void *kept = nullptr, *replaced = nullptr;
  const auto look = [&] {
    runner.run(second_, [&](const WeightLease& w) {
      kept = w[b_].scale.const_data_ptr();
      replaced = w[c].prepared.get();
    });
  };
  look();
  const void *keptBefore = kept, *replacedBefore = replaced;
  const auto held = [&] {  // so that its address is not used again
    std::shared_ptr<const void> prepared;
    runner.run(second_, [&](const WeightLease& w) { prepared = w[c].prepared; });
    return prepared;
  }();
  resident.replaceSource(source_, [](const std::string& name) { return name == "c.bias"; });
  EXPECT_LT(resident.residentBytes(), all);
  resident.replaceSource(source_, [](const std::string& name) { return name == "c.weight"; });
  look();
  EXPECT_EQ(kept, keptBefore);
  EXPECT_NE(replaced, replacedBefore);
  EXPECT_EQ(resident.residentBytes(), all);
}

TEST_F(ResidencyTest, dropsOnlyWeightsWhoseTensorsChange) {
  Residency resident = residency();
  resident.placeAll({});
  const std::int64_t all = resident.residentBytes();
  resident.replaceSource(source_, [](const std::string& name) { return name == "b.bias"; });
  EXPECT_GT(resident.residentBytes(), 0);
  EXPECT_LT(resident.residentBytes(), all);
  resident.replaceSource(source_, [](const std::string& name) { return name == "a.weight"; });
  EXPECT_EQ(resident.residentBytes(), 0);
}

TEST_F(ResidencyTest, stopsWhenAsked) {
  std::stop_source stop;
  stop.request_stop();
  Residency resident = residency();
  BlockRunner runner(resident, stop.get_token());
  EXPECT_THROW(runner.run(first_, [](const WeightLease&) { FAIL(); }), Cancelled);
  EXPECT_THROW(resident.placeAll(stop.get_token()), Cancelled);
  EXPECT_EQ(resident.residentBytes(), 0);
}

TEST_F(ResidencyTest, readsNothingForTheShapeRun) {
  class Unreadable final : public TensorSource {
   public:
    const std::vector<std::int64_t>* shapeOf(const std::string&) const override { return nullptr; }
    at::Tensor load(const std::string& name) const override { throw std::logic_error("read " + name); }
    std::vector<std::string> names() const override { return {}; }
  };
  Residency resident(table_, std::make_shared<Unreadable>(), ops::ComputeFormat::Float32, at::kMeta);
  resident.placeAll({});
  EXPECT_EQ(resident.residentBytes(), 4 * (8 * 16 + 16 + 2 * 16));
}

}  // namespace
}  // namespace studio::engine
