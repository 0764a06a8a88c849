#include "engine/memory/address_range.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace studio::engine {
namespace {

TEST(AddressRange, hasNoRoomForWhatItsGapsHoldOnlyTogether) {
  AddressRange range(100);
  const auto a = range.take(30), b = range.take(30), c = range.take(40);
  ASSERT_TRUE(a && b && c);
  range.give(*a);
  range.give(*c);
  EXPECT_EQ(range.free(), 70);
  EXPECT_EQ(range.largestGap(), 40);
  EXPECT_FALSE(range.take(41));
  range.give(*b);
  EXPECT_EQ(range.take(100), 0) << "gaps that touch are one";
}

TEST(AddressRange, takesTheSmallestGapThatIsLargeEnough) {
  AddressRange range(100);
  const auto large = range.take(40), wall = range.take(10), small = range.take(20), end = range.take(30);
  ASSERT_TRUE(wall && end);
  range.give(*large);
  range.give(*small);
  EXPECT_EQ(range.take(15), *small);
  EXPECT_EQ(range.take(25), *large);
}

TEST(AddressRange, ignoresWhatItDidNotGive) {
  AddressRange range(10);
  range.give(3);
  EXPECT_EQ(range.free(), 10);
  EXPECT_FALSE(AddressRange(0).take(1));
}

TEST(AddressRange, neverGivesAnAddressTwice) {
  constexpr std::int64_t kBytes = 10'000;
  std::mt19937 random(7);
  AddressRange range(kBytes);
  std::map<std::int64_t, std::int64_t> held;
  int refused = 0;
  for (int i = 0; i < 20'000; ++i) {
    if (!held.empty() && random() % 2 == 0) {
      const auto one = std::next(held.begin(), static_cast<std::ptrdiff_t>(random() % held.size()));
      range.give(one->first);
      held.erase(one);
      continue;
    }
    const std::int64_t bytes = 1 + random() % 900;
    const std::int64_t largest = range.largestGap();
    const auto offset = range.take(bytes);
    ASSERT_EQ(offset.has_value(), bytes <= largest);
    if (!offset) {
      ++refused;
      continue;
    }
    const auto next = held.lower_bound(*offset);
    ASSERT_LE(*offset + bytes, next == held.end() ? kBytes : next->first);
    ASSERT_GE(*offset, next == held.begin() ? 0 : std::prev(next)->first + std::prev(next)->second);
    held.emplace(*offset, bytes);
  }
  EXPECT_GT(refused, 100);
  for (const auto& [offset, bytes] : held) range.give(offset);
  EXPECT_EQ(range.largestGap(), kBytes);
}

}  // namespace
}  // namespace studio::engine
