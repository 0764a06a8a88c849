#include "engine/sampling/sigma_schedule.h"

#include "engine/sampling/beta_distribution.h"
#include "tests/engine/sampling/sampling_fixture.h"

#include <gtest/gtest.h>

namespace studio::engine {
namespace {

using namespace sampling_fixture;

TEST(SigmaSchedule, isTheReferencesForEverySpacingAndLength) {
  int compared = 0;
  for (const auto& [steps, bySchedule] : goldens()["sigmas"].items()) {
    for (const auto& schedule : kSchedules) {
      const auto expected = bySchedule[std::string(schedule.id)].get<std::vector<float>>();
      const std::vector<float> sigmas = makeSigmas(schedule.value, std::stoi(steps));
      ASSERT_EQ(sigmas.size(), expected.size()) << schedule.id << " " << steps;
      for (std::size_t i = 0; i < sigmas.size(); ++i, ++compared) {
        EXPECT_NEAR(sigmas[i], expected[i], 1e-5 * expected[i]) << schedule.id << " " << steps << " at " << i;
      }
    }
  }
  EXPECT_EQ(compared, 6 * (2 + 3 + 9 + 31));
}

TEST(SigmaSchedule, descendsToZeroForAnyNumberOfSteps) {
  for (const auto& schedule : kSchedules) {
    for (const int steps : {1, 2, 3, 20, 150, 1000}) {
      const std::vector<float> sigmas = makeSigmas(schedule.value, steps);
      ASSERT_EQ(sigmas.size(), static_cast<std::size_t>(steps) + 1);
      EXPECT_EQ(sigmas.back(), 0);
      for (std::size_t i = 0; i + 1 < sigmas.size(); ++i)
        ASSERT_GT(sigmas[i], sigmas[i + 1]) << schedule.id << " " << steps;
    }
  }
}

TEST(TrainingSigmas, areThoseOfStableDiffusion) {
  const TrainingSigmas training;
  EXPECT_NEAR(training.smallest(), 0.029167, 1e-5);
  EXPECT_NEAR(training.largest(), 14.614641, 1e-4);
}

TEST(TrainingSigmas, findFractionalTimestepsByLogSigma) {
  const TrainingSigmas training;
  for (const auto& row : goldens()["timesteps"]) {
    EXPECT_NEAR(training.timestepAt(row[0].get<double>()), row[1].get<double>(), 1e-3);
  }
  for (const double timestep : {0.0, 0.25, 17.5, 500.0, 998.75, 999.0}) {
    EXPECT_NEAR(training.timestepAt(training.sigmaAt(timestep)), timestep, 1e-9);
  }
  EXPECT_EQ(training.timestepAt(0), 0);
  EXPECT_EQ(training.timestepAt(1000), 999);
}

TEST(BetaQuantile, agreesWithKnownValues) {
  EXPECT_NEAR(betaQuantile(0.25, 0.5, 0.5), std::pow(std::sin(0.25 * 3.14159265358979 / 2), 2), 1e-12)
      << "arcsine distribution";
  EXPECT_NEAR(betaQuantile(0.3, 1, 1), 0.3, 1e-12) << "uniform distribution";
  EXPECT_NEAR(betaQuantile(0.5, 0.6, 0.6), 0.5, 1e-12) << "symmetric";
  EXPECT_NEAR(betaQuantile(0.09, 2, 1), 0.3, 1e-12) << "x squared";
}

TEST(TrainingSigmas, endInPureNoiseWithZeroTerminalSnr) {
  // diffusers 0.42, rescale_zero_terminal_snr, with the last signal that A1111 leaves.
  const TrainingSigmas training = TrainingSigmas::withZeroTerminalSnr();
  const std::pair<std::size_t, double> expected[] = {{0, 0.0291671582}, {250, 0.72984109}, {500, 1.77455747},
                                                     {750, 5.43034295}, {998, 2254.23798}, {999, 4518.7637}};
  for (const auto& [timestep, sigma] : expected) EXPECT_NEAR(training.values()[timestep] / sigma, 1, 1e-6) << timestep;
}

}  // namespace
}  // namespace studio::engine
