#include "engine/sampling/sigma_schedule.h"

#include "engine/sampling/beta_distribution.h"
#include "tests/engine/sampling/sampling_fixture.h"

#include <gtest/gtest.h>

namespace studio::engine {
namespace {

/// Of samplers that solve in sigmas.
ScheduleForms formsOf(Profile profile) {
  GenerationRequest request;
  request.sampler = Sampler::Euler;
  request.profile = profile;
  return reproductionProfile(request).schedules;
}

using namespace sampling_fixture;

void expectSigmas(const std::vector<float>& sigmas, const nlohmann::json& golden, const std::string& what) {
  const auto expected = golden.get<std::vector<float>>();
  ASSERT_EQ(sigmas.size(), expected.size()) << what;
  for (std::size_t i = 0; i < sigmas.size(); ++i) {
    EXPECT_NEAR(sigmas[i], expected[i], 1e-5 * expected[i]) << what << " at " << i;
  }
}

TEST(SigmaSchedule, isTheReferencesForEverySpacingProgramAndLength) {
  for (const auto& [program, byLength] : goldens()["sigmas"].items()) {
    const Profile profile = choiceFrom<Profile>(program).value();
    for (const auto& [steps, bySchedule] : byLength.items()) {
      for (const auto& schedule : kSchedules) {
        const std::string id(schedule.id);
        expectSigmas(makeSigmas(schedule.value, std::stoi(steps), TrainingSigmas(), {formsOf(profile)}), bySchedule[id],
                     program + " " + id + " " + steps);
      }
      expectSigmas(makeSigmas(Schedule::AlignYourSteps, std::stoi(steps), TrainingSigmas(), {formsOf(profile), true}),
                   bySchedule["align_your_steps_xl"], program + " XL " + steps);
    }
  }
}

TEST(SigmaSchedule, isTheOneOfDiffusersSchedulers) {
  for (const auto& [steps, bySchedule] : goldens()["sigmas_of_diffusers"].items()) {
    for (const auto& [name, expected] : bySchedule.items()) {
      expectSigmas(makeSigmas(choiceFrom<Schedule>(name).value(), std::stoi(steps), TrainingSigmas(),
                              {ScheduleForms::Diffusers}),
                   expected, name + " " + steps);
    }
  }
}

TEST(SigmaSchedule, descendsToZeroForAnyNumberOfSteps) {
  for (const auto& profile : kProfiles) {
    for (const auto& schedule : kSchedules) {
      const bool endsAbove = formsOf(profile.value) == ScheduleForms::A1111 && schedule.value == Schedule::KlOptimal;
      for (const int steps : {1, 2, 3, 20, 150, 1000}) {
        const std::string what = std::string(profile.id) + " " + std::string(schedule.id) + " " + std::to_string(steps);
        const std::vector<float> sigmas = makeSigmas(schedule.value, steps, TrainingSigmas(), {formsOf(profile.value)});
        ASSERT_GE(sigmas.size(), 2U) << what;
        ASSERT_LE(sigmas.size(), static_cast<std::size_t>(steps) * 3 / 2 + 2) << what;
        EXPECT_EQ(sigmas.back() == 0, !endsAbove) << what;
        for (std::size_t i = 0; i + 1 < sigmas.size(); ++i) ASSERT_GT(sigmas[i], sigmas[i + 1]) << what << " at " << i;
      }
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

TEST(TrainingSigmas, ofEdmReachFromEndToEndEvenlyInTheirLogarithm) {
  const TrainingSigmas training = TrainingSigmas::edm(0.002, 120, 1);
  EXPECT_NEAR(training.smallest(), 0.002, 1e-9);
  EXPECT_NEAR(training.largest(), 120, 1e-6);
  EXPECT_NEAR(training.sigmaAt(499.5), std::sqrt(0.002 * 120), 1e-6);
  EXPECT_NEAR(training.networkTime(7), 0.25 * std::log(7.0), 1e-12);
  EXPECT_EQ(TrainingSigmas().networkTime(7), TrainingSigmas().timestepAt(7));
}

TEST(SigmaSchedule, ofDiffusersHasKarrasOrExponentialLevelsForEdm) {
  const TrainingSigmas training = TrainingSigmas::edm(0.002, 80, 0.5);
  const auto sigmas = [&](Schedule schedule) { return makeSigmas(schedule, 5, training, {ScheduleForms::Diffusers}); };
  EXPECT_EQ(sigmas(Schedule::Automatic), karrasSigmas(5, training.smallest(), training.largest()));
  EXPECT_NEAR(sigmas(Schedule::Exponential)[2], std::sqrt(0.002 * 80), 1e-5);
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
