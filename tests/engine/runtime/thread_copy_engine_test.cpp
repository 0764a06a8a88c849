#include "engine/runtime/thread_copy_engine.h"
#include "engine/runtime/copy_ring.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <numeric>
#include <random>
#include <stdexcept>
#include <thread>
#include <vector>

/// A ring over real memory and a real thread; the thread sanitizer watches what is read and written.
namespace studio::engine {
namespace {

class ThreadCopies : public testing::Test {
 protected:
  static constexpr std::int64_t kCapacity = 1000;

  void fill(std::uint64_t source, std::int64_t offset, std::int64_t bytes) {
    if (failing.exchange(false)) throw std::runtime_error("the file is gone");
    std::fill_n(memory.begin() + offset, bytes, source);
    ++copies;
  }
  bool holds(std::uint64_t source, std::int64_t offset, std::int64_t bytes) const {
    return std::all_of(memory.begin() + offset, memory.begin() + offset + bytes,
                       [source](std::uint64_t value) { return value == source; });
  }
  /// Numbers in place of bytes.
  std::vector<CopyRing::Use> somePass() {
    std::vector<CopyRing::Use> pass;
    for (std::uint64_t i = 1; i <= 9; ++i) pass.push_back({i, 1 + static_cast<std::int64_t>(random() % 600)});
    return pass;
  }

  std::mt19937 random{5};
  std::vector<std::uint64_t> memory = std::vector<std::uint64_t>(kCapacity);
  std::atomic<bool> failing{false};
  std::atomic<int> copies{0};
  ThreadCopyEngine engine{
      [this](std::uint64_t source, std::int64_t offset, std::int64_t bytes) { fill(source, offset, bytes); }};
};

TEST_F(ThreadCopies, giveEachUseItsOwn) {
  const auto pass = somePass();
  CopyRing ring(engine, kCapacity, pass, 200);
  for (int i = 0; i < 200; ++i) {
    for (const CopyRing::Use& use : pass) {
      const std::int64_t offset = ring.acquire();
      ASSERT_TRUE(holds(use.source, offset, use.bytes));
      ring.release();
    }
  }
  EXPECT_EQ(copies, 200 * 9);
}

TEST_F(ThreadCopies, areAheadOfTheWork) {
  CopyRing ring(engine, kCapacity, {{1, 100}, {2, 100}, {3, 100}}, 3);
  ring.acquire();
  while (copies < 9) std::this_thread::yield();  // all three passes, while the first use is held
  EXPECT_TRUE(holds(1, 600, 100));
  ring.release();
}

TEST_F(ThreadCopies, failWhereTheyAreWaitedForAndAreMadeAgain) {
  const auto pass = somePass();
  CopyRing ring(engine, kCapacity, pass, 100);
  int failures = 0;
  while (ring.released() < 100 * pass.size()) {
    if (random() % 10 == 0) failing = true;
    const CopyRing::Use& use = pass[ring.released() % pass.size()];
    try {
      ASSERT_TRUE(holds(use.source, ring.acquire(), use.bytes));
    } catch (const std::runtime_error&) {
      ++failures;
      continue;
    }
    random() % 9 == 0 ? ring.restart() : ring.release();
  }
  EXPECT_GT(failures, 0);
}

TEST_F(ThreadCopies, endInTheMidstOfIt) {
  for (int i = 0; i < 100; ++i) {
    CopyRing ring(engine, kCapacity, somePass(), 10);
    for (std::uint32_t uses = random() % 20; uses > 0; --uses) ring.acquire(), ring.release();
    ring.acquire();
  }
}

}  // namespace
}  // namespace studio::engine
