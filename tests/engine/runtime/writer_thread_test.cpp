#include "engine/runtime/writer_thread.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <thread>
#include <vector>

namespace studio::engine {
namespace {

/// Holds the writer up until it is let go.
struct Gate {
  explicit Gate(WriterThread& writer) {
    writer.post([this] {
      reached.count_down();
      opened.wait();
    });
    reached.wait();
  }
  void open() { opened.count_down(); }
  std::latch reached{1}, opened{1};
};

TEST(WriterThread, writesInTheOrderOfAsking) {
  std::vector<int> written;
  WriterThread writer;
  for (int i = 0; i < 100; ++i) writer.post([&written, i] { written.push_back(i); });
  writer.flush();
  ASSERT_EQ(written.size(), 100U);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(written[static_cast<std::size_t>(i)], i);
}

TEST(WriterThread, keepsOnlyTheNewestOfAKeyThatWaits) {
  std::vector<int> written;
  WriterThread writer;
  Gate gate(writer);
  for (int i = 1; i <= 5; ++i) {
    writer.postNewest(7, [&written, i] { written.push_back(i); });
    writer.postNewest(8, [&written, i] { written.push_back(10 * i); });
  }
  gate.open();
  writer.flush();
  EXPECT_EQ(written, (std::vector{5, 50}));
}

TEST(WriterThread, doesNotReplaceAWriteThatHasBegun) {
  std::vector<int> written;
  WriterThread writer;
  std::latch begun(1), goOn(1);
  writer.postNewest(7, [&] {
    begun.count_down();
    goOn.wait();
    written.push_back(1);
  });
  begun.wait();
  writer.postNewest(7, [&written] { written.push_back(2); });
  goOn.count_down();
  writer.flush();
  EXPECT_EQ(written, (std::vector{1, 2}));
}

TEST(WriterThread, endsOnlyWhenAllIsWritten) {
  std::atomic<int> written = 0;
  {
    WriterThread writer;
    for (int i = 0; i < 50; ++i) writer.post([&written] { ++written; });
  }
  EXPECT_EQ(written, 50);
}

TEST(WriterThread, losesNothingUnderManyThreads) {
  constexpr int kThreads = 4, kWrites = 200;
  std::atomic<int> written = 0;
  std::vector<int> newest(kThreads, -1);  // each element is written by the writer's thread alone
  WriterThread writer;
  std::vector<std::thread> askers;
  askers.reserve(kThreads);
  for (int t = 0; t < kThreads; ++t) {
    askers.emplace_back([&, t] {
      for (int i = 0; i < kWrites; ++i) {
        writer.post([&written] { ++written; });
        writer.postNewest(static_cast<std::uint64_t>(t) + 1,
                          [&newest, t, i] { newest[static_cast<std::size_t>(t)] = i; });
        if (i % 50 == 0) writer.flush();
      }
    });
  }
  for (std::thread& asker : askers) asker.join();
  writer.flush();
  EXPECT_EQ(written, kThreads * kWrites);
  for (const int last : newest) EXPECT_EQ(last, kWrites - 1);
}

}  // namespace
}  // namespace studio::engine
