#include "engine/pipeline/spill_watch.h"

#include <gtest/gtest.h>

namespace studio::engine {
namespace {

constexpr Bytes kTotal{std::int64_t{8} << 30};
constexpr Bytes kHardlyAny{std::int64_t{64} << 20};
constexpr Bytes kPlenty{std::int64_t{2} << 30};

TEST(SpillWatch, aStepThatIsFarSlowerOnAFullDeviceIsSuspicious) {
  EXPECT_TRUE(looksLikeSpill(Seconds(2), Seconds(0.5), kHardlyAny, kTotal));
}

TEST(SpillWatch, aSlowStepOnADeviceWithRoomHasAnotherReason) {
  EXPECT_FALSE(looksLikeSpill(Seconds(2), Seconds(0.5), kPlenty, kTotal));
}

TEST(SpillWatch, aFullDeviceAtTheUsualSpeedIsWell) {
  EXPECT_FALSE(looksLikeSpill(Seconds(0.6), Seconds(0.5), kHardlyAny, kTotal));
}

TEST(SpillWatch, nothingIsSaidOfWhatIsNotKnown) {
  EXPECT_FALSE(looksLikeSpill(Seconds(2), Seconds(0), kHardlyAny, kTotal));
  EXPECT_FALSE(looksLikeSpill(Seconds(2), Seconds(0.5), {}, {}));
}

TEST(SpillWatch, theProcessorIsNotWatched) {
  SpillWatch watch(at::kCPU);
  for (const double seconds : {0.5, 50.0}) {
    watch.afterStep(Seconds(seconds), [](const Sentence& said) { ADD_FAILURE() << said.text(); });
  }
}

}  // namespace
}  // namespace studio::engine
