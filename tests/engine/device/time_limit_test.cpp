#include "engine/device/time_limit.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <thread>
#include <vector>

namespace studio::engine {
namespace {

using namespace std::chrono_literals;

std::chrono::steady_clock::time_point in(std::chrono::milliseconds time) {
  return std::chrono::steady_clock::now() + time;
}

TEST(TimedWork, givesItsResult) {
  TimedWork<int> work([] { return 7; });
  EXPECT_EQ(work.resultBy(in(10s)), 7);
}

TEST(TimedWork, isLeftBehindWhenItTakesTooLong) {
  const auto ended = std::make_shared<std::atomic<bool>>(false);
  {
    TimedWork<int> work([ended] {
      std::this_thread::sleep_for(200ms);
      *ended = true;
      return 7;
    });
    EXPECT_FALSE(work.resultBy(in(1ms)));
  }
  EXPECT_FALSE(*ended) << "nobody waited for it";
  while (!*ended) std::this_thread::sleep_for(1ms);
}

TEST(TimedWork, throwsWhatItsWorkThrows) {
  TimedWork<int> work([]() -> int { throw std::runtime_error("no"); });
  EXPECT_THROW(work.resultBy(in(10s)), std::runtime_error);
}

TEST(TimedWork, doesNotPileUp) {
  const auto mayEnd = std::make_shared<std::atomic<bool>>(false);
  constexpr int kMany = 100;
  std::vector<TimedWork<int>> hanging;
  hanging.reserve(kMany);
  for (int i = 0; i < kMany; ++i) {
    hanging.emplace_back([mayEnd] {
      while (!*mayEnd) std::this_thread::sleep_for(1ms);
      return 7;
    });
  }
  EXPECT_FALSE(hanging.back().resultBy(in(10s))) << "it was not begun, so nobody waits";
  *mayEnd = true;
  EXPECT_EQ(hanging.front().resultBy(in(10s)), 7);
  for (int tries = 0; tries < 10'000; ++tries) {
    TimedWork<int> work([] { return 8; });
    if (work.resultBy(in(10s)) == 8) return;
    std::this_thread::sleep_for(1ms);
  }
  FAIL() << "nothing can be begun any more";
}

}  // namespace
}  // namespace studio::engine
