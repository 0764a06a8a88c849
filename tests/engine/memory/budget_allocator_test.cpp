#include "engine/memory/budget_allocator.h"

#include "engine/memory/main_memory_full.h"
#include "tests/support/seeded_random.h"

#include <ATen/ops/conv2d.h>
#include <ATen/ops/empty.h>
#include <c10/core/InferenceMode.h>
#include <c10/util/Exception.h>
#include <gtest/gtest.h>

#include <sys/resource.h>

#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

namespace studio::engine {
namespace {

constexpr std::int64_t kMegabyte = 1 << 20;

class BudgetAllocator : public testing::Test {
 protected:
  void SetUp() override {
    installBudgetAllocator();
    trimCache();
    resetPeaks();
  }
  void TearDown() override {
    setDeviceBudget({0});
    setHostLimit({0});
    injectFailure({});
    setCacheLimit({std::int64_t{1} << 30});
    trimCache();
  }
  static at::Tensor block(std::int64_t bytes) { return at::empty({bytes}, at::kByte); }
};

TEST_F(BudgetAllocator, countsABlockInThePoolOfItsScopeUntilItIsFreed) {
  const std::int64_t device = devicePool().current.count, host = hostPool().current.count;
  {
    const auto outside = block(3 * kMegabyte);
    at::Tensor inside;
    {
      const PoolScope scope(MemoryPool::Device);
      inside = block(5 * kMegabyte);
    }
    EXPECT_EQ(devicePool().current.count - device, 5 * kMegabyte);
    EXPECT_EQ(hostPool().current.count - host, 3 * kMegabyte);
  }
  EXPECT_EQ(devicePool().current.count, device);
  EXPECT_EQ(hostPool().current.count, host);
  EXPECT_EQ(devicePool().peak.count - device, 5 * kMegabyte);
  resetPeaks();
  EXPECT_EQ(devicePool().peak.count, device);
}

TEST_F(BudgetAllocator, measuresAPhaseWithoutForgettingTheJob) {
  const PoolScope scope(MemoryPool::Device);
  const std::int64_t before = devicePool().current.count;
  block(5 * kMegabyte);
  EXPECT_EQ(devicePhasePeak().count - before, 5 * kMegabyte);
  beginPhasePeak();
  EXPECT_EQ(devicePhasePeak().count, before);
  block(2 * kMegabyte);
  EXPECT_EQ(devicePhasePeak().count - before, 2 * kMegabyte);
  EXPECT_EQ(devicePool().peak.count - before, 5 * kMegabyte);
  block(6 * kMegabyte);
  EXPECT_EQ(devicePhasePeak().count - before, 6 * kMegabyte);
  EXPECT_EQ(devicePool().peak.count - before, 6 * kMegabyte);
  resetPeaks();
  EXPECT_EQ(devicePhasePeak().count, before);
}

TEST_F(BudgetAllocator, refusesWhatIsBeyondTheBudgetAndKeepsWhatWasThere) {
  const PoolScope scope(MemoryPool::Device);
  const std::int64_t before = devicePool().current.count;
  setDeviceBudget({before + 4 * kMegabyte});
  const auto kept = block(3 * kMegabyte);
  EXPECT_THROW(block(2 * kMegabyte), c10::OutOfMemoryError);
  EXPECT_EQ(devicePool().current.count - before, 3 * kMegabyte);
  EXPECT_NO_THROW(block(kMegabyte));
}

TEST_F(BudgetAllocator, theHostPoolIsNotBoundByTheDeviceBudget) {
  setDeviceBudget({1});
  EXPECT_NO_THROW(block(kMegabyte));
}

TEST_F(BudgetAllocator, refusesWhatTheHostCannotHoldWhicheverPoolItIsFor) {
  const auto before = block(kMegabyte);
  const std::int64_t used = devicePool().current.count + hostPool().current.count;
  setHostLimit({used + 4 * kMegabyte});
  const PoolScope scope(MemoryPool::Device);
  const auto kept = block(3 * kMegabyte);
  const std::int64_t device = devicePool().current.count;
  try {
    block(2 * kMegabyte);
    ADD_FAILURE() << "nothing was thrown";
  } catch (const MainMemoryFull& full) {
    EXPECT_NE(std::string(full.what_without_backtrace()).find("Main memory"), std::string::npos);
    EXPECT_EQ(std::string(full.what_without_backtrace()).find("budget"), std::string::npos);
  }
  EXPECT_EQ(lastRefusal().pool, MemoryPool::Host);
  EXPECT_EQ(lastRefusal().asked.count, 2 * kMegabyte);
  EXPECT_EQ(lastRefusal().inUse.count, used + 3 * kMegabyte);
  EXPECT_EQ(devicePool().current.count, device) << "what was refused is not counted";
  {
    const PoolScope host(MemoryPool::Host);
    EXPECT_THROW(block(2 * kMegabyte), c10::OutOfMemoryError);
    EXPECT_NO_THROW(block(kMegabyte));
  }
  setHostLimit({1});
  EXPECT_NO_THROW(block(1000)) << "small things always have room";
  setHostLimit({0});
  EXPECT_NO_THROW(block(2 * kMegabyte));
}

#if !defined(__SANITIZE_ADDRESS__)
/// In a process of its own, whose address space is bounded as a system bounds one.
TEST_F(BudgetAllocator, tellsOfARefusalOfTheSystem) {
  const auto allocateTooMuch = [] {
    const rlimit limit{std::size_t{1} << 20, std::size_t{1} << 20};
    if (setrlimit(RLIMIT_AS, &limit) != 0) std::_Exit(3);
    const PoolScope scope(MemoryPool::Device);
    try {
      block(kMegabyte << 10);
    } catch (const c10::OutOfMemoryError&) {
      const Refusal refusal = lastRefusal();
      std::_Exit(refusal.pool == MemoryPool::Host && refusal.asked.count == kMegabyte << 10 ? 0 : 1);
    }
    std::_Exit(2);
  };
  EXPECT_EXIT(allocateTooMuch(), testing::ExitedWithCode(0), "");
}
#endif

TEST_F(BudgetAllocator, countsAnAccountsBlocksInAnotherPoolWhereTheyLie) {
  const std::int64_t device = devicePool().current.count, idle = idlePool().current.count,
                     host = hostPool().current.count;
  BlockAccount account;
  at::Tensor first, other;
  {
    const PoolScope scope(MemoryPool::Device, account);
    first = block(3 * kMegabyte);
    const PoolScope inner(MemoryPool::Host);
    other = block(kMegabyte);
  }
  EXPECT_EQ(account.bytes().count, 3 * kMegabyte) << "what is of another pool is not of the account";
  EXPECT_EQ(devicePool().current.count - device, 3 * kMegabyte);
  const void* place = first.data_ptr();
  account.moveTo(MemoryPool::Idle);
  EXPECT_EQ(first.data_ptr(), place);
  EXPECT_EQ(devicePool().current.count, device);
  EXPECT_EQ(idlePool().current.count - idle, 3 * kMegabyte);
  EXPECT_EQ(hostPool().current.count - host, kMegabyte);
  resetPeaks();
  account.moveTo(MemoryPool::Device);
  EXPECT_EQ(devicePool().peak.count - device, 3 * kMegabyte);
  EXPECT_EQ(devicePhasePeak().count - device, 3 * kMegabyte);
  account.moveTo(MemoryPool::Idle);
  first = at::Tensor();
  EXPECT_EQ(account.bytes().count, 0);
  EXPECT_EQ(idlePool().current.count, idle);
}

TEST_F(BudgetAllocator, doesNotBoundTheRunningJobByWhatIsIdle) {
  BlockAccount account;
  at::Tensor kept;
  {
    const PoolScope scope(MemoryPool::Device, account);
    kept = block(8 * kMegabyte);
  }
  setDeviceBudget({devicePool().current.count});
  const PoolScope scope(MemoryPool::Device);
  EXPECT_THROW(block(4 * kMegabyte), c10::OutOfMemoryError);
  account.moveTo(MemoryPool::Idle);
  EXPECT_NO_THROW(block(8 * kMegabyte));
  setHostLimit({devicePool().current.count + hostPool().current.count + idlePool().current.count + kMegabyte});
  EXPECT_THROW(block(2 * kMegabyte), MainMemoryFull) << "but main memory is one";
}

TEST_F(BudgetAllocator, blocksMayOutliveTheirAccountAndBeFreedElsewhere) {
  const std::int64_t idle = idlePool().current.count;
  at::Tensor kept;
  {
    BlockAccount account, taken;
    {
      const PoolScope scope(MemoryPool::Device, account);
      kept = block(2 * kMegabyte);
    }
    taken = std::move(account);
    taken.moveTo(MemoryPool::Idle);
  }
  EXPECT_EQ(idlePool().current.count - idle, 2 * kMegabyte);
  std::thread([block = std::move(kept)]() mutable { block = at::Tensor(); }).join();
  EXPECT_EQ(idlePool().current.count, idle);
}

TEST_F(BudgetAllocator, failsTheAllocationThatWasNamedAndNoOther) {
  injectFailure({.number = 3});
  const auto host = block(kMegabyte);  // not counted
  const PoolScope scope(MemoryPool::Device);
  const std::int64_t before = devicePool().current.count;
  const auto first = block(kMegabyte), second = block(kMegabyte);
  EXPECT_THROW(block(2 * kMegabyte), c10::OutOfMemoryError);
  EXPECT_EQ(lastRefusal().pool, MemoryPool::Device);
  EXPECT_EQ(lastRefusal().asked.count, 2 * kMegabyte);
  EXPECT_EQ(lastRefusal().inUse.count, before + 2 * kMegabyte);
  EXPECT_NO_THROW(block(2 * kMegabyte));
  EXPECT_EQ(deviceAllocations(), 4);
  EXPECT_EQ(deviceLimit().count, 0);
}

TEST_F(BudgetAllocator, leavesPartOfThePlannedPeakFromTheNamedAllocationOn) {
  const PoolScope scope(MemoryPool::Device);
  injectFailure({.number = 2, .stickyPercent = 50});
  const std::int64_t before = devicePool().current.count;
  setPlannedPeak({2 * before + 8 * kMegabyte});
  { const auto first = block(30 * kMegabyte); }
  EXPECT_EQ(deviceLimit().count, 0) << "it has not begun";
  const auto kept = block(3 * kMegabyte);
  EXPECT_EQ(deviceLimit().count, before + 4 * kMegabyte);
  EXPECT_THROW(block(2 * kMegabyte), c10::OutOfMemoryError);
  EXPECT_THROW(block(2 * kMegabyte), c10::OutOfMemoryError);
  EXPECT_NO_THROW(block(kMegabyte));
  setDeviceBudget({before + 3 * kMegabyte});
  EXPECT_EQ(deviceLimit().count, before + 3 * kMegabyte);
  EXPECT_THROW(block(kMegabyte), c10::OutOfMemoryError);
}

TEST_F(BudgetAllocator, hasPiecesWhereNothingMoves) {
  const PoolScope scope(MemoryPool::Device);
  injectFailure({.fragmentedPercent = 200});
  const auto before = block(kMegabyte);
  setPlannedPeak({(devicePool().current.count + 4 * kMegabyte) / 2});
  auto first = block(kMegabyte);
  const auto second = block(kMegabyte);
  auto third = block(kMegabyte);
  const auto fourth = block(kMegabyte);
  first = at::Tensor(), third = at::Tensor();
  EXPECT_THROW(block(2 * kMegabyte), c10::OutOfMemoryError);
  ASSERT_TRUE(lastRefusal().pieces);
  EXPECT_EQ(lastRefusal().pieces->total.count, 2 * kMegabyte);
  EXPECT_EQ(lastRefusal().pieces->largest.count, kMegabyte);
  EXPECT_NO_THROW(block(kMegabyte));
  injectFailure({});
  EXPECT_NO_THROW(block(2 * kMegabyte));
  EXPECT_THROW((setDeviceBudget({1}), block(kMegabyte)), c10::OutOfMemoryError);
  EXPECT_FALSE(lastRefusal().pieces);
}

TEST_F(BudgetAllocator, failsWhatIsLargerThanTold) {
  const PoolScope scope(MemoryPool::Device);
  injectFailure({.largerThan = {kMegabyte}});
  EXPECT_NO_THROW(block(kMegabyte));
  EXPECT_THROW(block(kMegabyte + 1), c10::OutOfMemoryError);
  resetPeaks();
  const Bytes peak = devicePool().peak;
  EXPECT_THROW(block(2 * kMegabyte), c10::OutOfMemoryError);
  EXPECT_EQ(devicePool().peak, peak) << "what was refused is not counted";
  injectFailure({});
  EXPECT_NO_THROW(block(2 * kMegabyte));
}

TEST_F(BudgetAllocator, refusesAnImpossibleSizeWithoutEndingTheProcess) {
  EXPECT_THROW(block(std::int64_t{1} << 50), c10::OutOfMemoryError);
  EXPECT_THROW(block(std::int64_t{1} << 47), c10::OutOfMemoryError);
}

TEST_F(BudgetAllocator, everyBlockIsAlignedToACacheLine) {
  for (const std::int64_t bytes : {1L, 63L, 65L, 70'000L, 3L * kMegabyte, 9L * kMegabyte + 1}) {
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(block(bytes).data_ptr()) % 64, 0U) << bytes;
  }
}

#if !defined(__SANITIZE_ADDRESS__)
TEST_F(BudgetAllocator, givesTheNextRequestOfThatSizeTheBlockJustFreed) {
  const void* first = block(8 * kMegabyte).data_ptr();
  EXPECT_GE(cachedBytes().count, 8 * kMegabyte);
  const auto second = block(8 * kMegabyte - 4096);
  EXPECT_EQ(second.data_ptr(), first);
  EXPECT_EQ(cachedBytes().count, 0);
}

TEST_F(BudgetAllocator, keepingBlocksDoesNotRaiseTheMostThatWasInUse) {
  { const auto a = block(8 * kMegabyte); }
  const auto other = block(30 * kMegabyte);
  EXPECT_EQ(cachedBytes().count, 0);
}

TEST_F(BudgetAllocator, keepsNoMoreThanItsLimitAndNothingAfterATrim) {
  setCacheLimit({10 * kMegabyte});
  { const auto a = block(6 * kMegabyte), b = block(6 * kMegabyte), c = block(2 * kMegabyte); }
  EXPECT_LE(cachedBytes().count, 10 * kMegabyte);
  EXPECT_GT(cachedBytes().count, 0);
  trimCache();
  EXPECT_EQ(cachedBytes().count, 0);
}
#endif

TEST_F(BudgetAllocator, oneDnnTakesAndFreesItsScratchThroughIt) {
  const c10::InferenceMode inference;
  const std::int64_t before = hostPool().current.count;
  { const auto y = at::conv2d(tests::seededRandom({1, 64, 32, 32}), tests::seededRandom({64, 64, 3, 3})); }
  EXPECT_GT(hostPool().peak.count, before);
}

TEST_F(BudgetAllocator, countsStayRightWhenManyThreadsAllocate) {
  const std::int64_t before = hostPool().current.count;
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([t] {
      std::vector<at::Tensor> kept;
      kept.reserve(200);
      for (int i = 0; i < 200; ++i) {
        kept.push_back(block(1000 * (i % 150 + 1) * (t + 1)));
        static_cast<unsigned char*>(kept.back().data_ptr())[0] = 1;
        if (i % 3 == 0) kept.erase(kept.begin());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(hostPool().current.count, before);
}

}  // namespace
}  // namespace studio::engine
