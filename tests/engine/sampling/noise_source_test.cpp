#include "engine/sampling/noise_source.h"

#include "engine/api/engine_error.h"
#include "tests/engine/sampling/sampling_fixture.h"

#include <gtest/gtest.h>

namespace studio::engine {
namespace {

using namespace sampling_fixture;

constexpr std::array<std::int64_t, 3> kShape{4, 8, 8};

TEST(NoiseSource, drawsTheNumbersOfTorchsCpuGenerator) {
  for (const auto& row : goldens()["noise"]) {
    NoiseSource source(Seed{std::stoull(row["seed"].get<std::string>())}, 1);
    for (int draw = 0; draw < 2; ++draw) {
      const at::Tensor noise = source.draw(kShape);
      EXPECT_LT((noise.flatten().slice(0, 0, 20) - tensorOf(row["first"][draw])).abs().max().item<double>(), 1e-6);
      EXPECT_NEAR(noise.to(at::kDouble).sum().item<double>(), row["sum"][draw].get<double>(), 1e-4);
    }
  }
}

TEST(NoiseSource, givesAPictureTheSameNumbersAloneAndInABatch) {
  NoiseSource batch(Seed{40}, 3);
  const at::Tensor first = batch.draw(kShape), second = batch.draw(kShape);
  for (int i = 0; i < 3; ++i) {
    NoiseSource alone(Seed{40 + static_cast<std::uint64_t>(i)}, 1);
    EXPECT_TRUE(bitEqual(alone.draw(kShape)[0], first[i]));
    EXPECT_TRUE(bitEqual(alone.draw(kShape)[0], second[i]));
  }
  EXPECT_FALSE(bitEqual(first[0], first[1]));
}

TEST(NoiseSource, countsSeedsOverTheEnd) {
  NoiseSource wrapping(Seed{~std::uint64_t{0}}, 2), zero(Seed{0}, 1);
  EXPECT_TRUE(bitEqual(wrapping.draw(kShape)[1], zero.draw(kShape)[0]));
}

TEST(NoiseSource, copiesGoOnIndependently) {
  NoiseSource source(Seed{5}, 2);
  source.draw(kShape);
  NoiseSource copy = source;
  const at::Tensor next = source.draw(kShape);
  source.draw(kShape);
  EXPECT_TRUE(bitEqual(copy.draw(kShape), next));
}

TEST(NoiseSource, goesOnWhereItsSavedStateLeftOff) {
  NoiseSource source(Seed{5}, 2);
  source.draw(kShape);
  NoiseSource restored = NoiseSource::fromStates(source.states());
  EXPECT_TRUE(bitEqual(restored.draw(kShape), source.draw(kShape)));
}

TEST(NoiseSource, refusesABrokenState) {
  std::vector<std::string> states = NoiseSource(Seed{5}, 1).states();
  EXPECT_THROW(NoiseSource::fromStates({""}), EngineException);
  EXPECT_THROW(NoiseSource::fromStates({states[0].substr(1)}), EngineException);
  EXPECT_THROW(NoiseSource::fromStates({std::string(states[0].size(), '\xff')}), EngineException);
}

}  // namespace
}  // namespace studio::engine
