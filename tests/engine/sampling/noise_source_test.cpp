#include "engine/sampling/noise_source.h"

#include "engine/sampling/philox.h"

#include "engine/api/engine_error.h"
#include "tests/engine/sampling/sampling_fixture.h"

#include <gtest/gtest.h>

#include <algorithm>

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
  NoiseSource restored = NoiseSource::fromState(source.state());
  EXPECT_TRUE(bitEqual(restored.draw(kShape), source.draw(kShape)));
}

TEST(Philox, drawsWhatTorchDrawsOnACard) {
  // torch.randn(12, device="cuda", generator=torch.Generator("cuda").manual_seed(0)), as printed by torch.
  const std::vector<float> published{-0.92466259F, -0.42534415F, -2.6438457F,  0.14518388F,  -0.12086647F, -0.57972564F,
                                     -0.62285122F, -0.32838709F, -1.07454231F, -0.36314407F, -1.67105067F, 2.26550497F};
  const std::vector<float> numbers = philoxNormals(0, 0, 12);
  for (std::size_t i = 0; i < published.size(); ++i) EXPECT_NEAR(numbers[i], published[i], 1e-6) << i;
}

TEST(Philox, dependsOnTheCardOnlyWhereADrawHasMoreNumbersThanThreads) {
  constexpr std::int64_t kThreads = 512;
  EXPECT_EQ(philoxNormals(7, 0, 512, kThreads), philoxNormals(7, 0, 512));
  const std::vector<float> large = philoxNormals(7, 0, 5000, kThreads), whole = philoxNormals(7, 0, 5000);
  EXPECT_TRUE(std::equal(large.begin(), large.begin() + 512, whole.begin()));
  EXPECT_NE(large[512], whole[512]);
  EXPECT_EQ(philoxCalls(512, kThreads), 1U);
  EXPECT_EQ(philoxCalls(2048, kThreads), 1U) << "four numbers a count";
  EXPECT_EQ(philoxCalls(2049, kThreads), 2U);
  EXPECT_EQ(large[2048], philoxNormals(7, 1, 512, kThreads)[0]) << "the fifth turn is the next count";
}

TEST(Philox, isASourceOfNoiseThatGoesOnFromItsState) {
  NoiseSource source(Seed{3}, 2, {.philox = true});
  const at::Tensor first = source.draw(kShape);
  EXPECT_TRUE(bitEqual(first[1], seededNoise(4, kShape, {.philox = true})));
  NoiseSource restored = NoiseSource::fromState(source.state());
  const at::Tensor second = source.draw(kShape);
  EXPECT_TRUE(bitEqual(restored.draw(kShape), second));
  EXPECT_FALSE(bitEqual(first, second));
  auto mixed = source.state();
  mixed.generators[0] = NoiseSource(Seed{3}, 1).state().generators[0];
  EXPECT_THROW(NoiseSource::fromState(mixed), EngineException);
}

TEST(NoiseSource, refusesABrokenState) {
  const NoiseSource::State good = NoiseSource(Seed{5}, 1).state();
  const std::string& bytes = good.generators[0].generator;
  for (const std::string& bad : {std::string(), bytes.substr(1), std::string(bytes.size(), '\xff')}) {
    EXPECT_THROW(NoiseSource::fromState({1, 0, {{5, bad}}}), EngineException);
  }
  EXPECT_THROW(NoiseSource::fromState({1, 3, good.generators}), EngineException) << "no such number format";
  EXPECT_THROW(NoiseSource::fromState({0, 0, good.generators}), EngineException) << "a generator for nobody";
  EXPECT_THROW(NoiseSource::fromState({3, 0, {good.generators[0], good.generators[0]}}), EngineException);
}

}  // namespace
}  // namespace studio::engine
