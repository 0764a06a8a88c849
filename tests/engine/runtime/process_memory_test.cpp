#include "engine/runtime/process_memory.h"

#include <gtest/gtest.h>

#include <vector>

namespace studio::engine {
namespace {

TEST(ProcessMemory, risesWithTheMostMemoryEverHeld) {
  const Bytes before = peakHostBytes();
  ASSERT_GT(before.count, 0);
  constexpr std::size_t kBytes = 256 << 20;
  {
    std::vector<char> block(kBytes, 1);
    ASSERT_EQ(block.back(), 1);
  }
  EXPECT_GE(peakHostBytes().count, static_cast<std::int64_t>(kBytes));
  EXPECT_GE(peakHostBytes(), before);
}

}  // namespace
}  // namespace studio::engine
