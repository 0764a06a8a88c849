#include "engine/sampling/sampler_state.h"

#include "engine/api/engine_error.h"
#include "tests/engine/sampling/sampling_fixture.h"

#include <gtest/gtest.h>

namespace studio::engine {
namespace {

using namespace sampling_fixture;

SamplerState stateWithHistory() {
  SamplerState state = startState(3);
  state.step = 4;
  state.history = {state.x * 2, state.x + 1};
  state.numbers = {0.25, -7};
  return state;
}

TEST(SamplerState, comesBackFromItsBytes) {
  SamplerState state = stateWithHistory();
  SamplerState restored = deserialise(serialise(state));
  EXPECT_EQ(restored.step, 4);
  EXPECT_TRUE(bitEqual(restored.x, state.x));
  ASSERT_EQ(restored.history.size(), 2u);
  EXPECT_TRUE(bitEqual(restored.history[1], state.history[1]));
  EXPECT_EQ(restored.numbers, state.numbers);
  EXPECT_EQ(restored.noise.seeds(), state.noise.seeds());
  EXPECT_TRUE(bitEqual(restored.noise.draw(kPictureShape), state.noise.draw(kPictureShape)));
}

TEST(SamplerState, startsFromNoiseTimesTheLargestSigma) {
  NoiseSource noise(Seed{11}, kPictures);
  EXPECT_TRUE(bitEqual(startState(14.5f).x, noise.draw(kPictureShape) * 14.5f));
}

TEST(SamplerState, refusesEveryTruncation) {
  const std::string bytes = serialise(stateWithHistory());
  for (std::size_t length = 0; length < bytes.size(); length += length < 64 ? 1 : 97) {
    EXPECT_THROW(deserialise(std::string_view(bytes).substr(0, length)), EngineException) << length;
  }
  EXPECT_THROW(deserialise(bytes + "x"), EngineException);
}

/// Sizes whose product overflows or exceeds the bytes must be refused before anything is allocated.
TEST(SamplerState, refusesSizesTheBytesDoNotHold) {
  const std::string bytes = serialise(stateWithHistory());
  const std::size_t firstSize = 8 + 4 + 4;  // magic, step, number of dimensions
  for (const std::int64_t size : {std::int64_t{-1}, std::int64_t{1} << 62, std::int64_t{1} << 32, std::int64_t{1000}}) {
    std::string broken = bytes;
    std::memcpy(broken.data() + firstSize, &size, sizeof size);
    EXPECT_THROW(deserialise(broken), EngineException) << size;
  }
  std::string manyDimensions = bytes;
  manyDimensions[12] = '\x7f';
  EXPECT_THROW(deserialise(manyDimensions), EngineException);
}

}  // namespace
}  // namespace studio::engine
