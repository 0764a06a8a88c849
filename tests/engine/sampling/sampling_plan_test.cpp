#include "engine/sampling/sampling_plan.h"

#include "engine/sampling/denoiser.h"
#include "engine/sampling/run_sampler.h"
#include "engine/sampling/sigma_schedule.h"
#include "tests/engine/sampling/sampling_fixture.h"

#include <ATen/ops/zeros.h>
#include <gtest/gtest.h>

#include <cmath>

namespace studio::engine {
namespace {

using namespace sampling_fixture;

GenerationRequest requestFor(Sampler sampler, Schedule schedule = Schedule::Karras, Profile profile = Profile::Studio) {
  GenerationRequest request;
  request.sampler = sampler;
  request.schedule = schedule;
  request.profile = profile;
  request.steps = kSteps;
  return request;
}

TEST(SamplingPlan, isSchedulersSigmasAndGuidanceAsAsked) {
  const GenerationRequest request = requestFor(Sampler::Euler);
  const SamplingPlan plan = planSampling(request);
  EXPECT_EQ(plan.sigmas, makeSigmas(Schedule::Karras, kSteps));
  EXPECT_EQ(plan.startScale, plan.sigmas.front());
  EXPECT_EQ(plan.endScale, 1);
  EXPECT_EQ(plan.guidance.scale, request.guidanceScale);
  EXPECT_FALSE(plan.guidance.always);
}

TEST(SamplingPlan, asksTheSamplerWhatAutomaticIs) {
  EXPECT_EQ(planSampling(requestFor(Sampler::DpmPlusPlus2M, Schedule::Automatic)).sigmas,
            makeSigmas(Schedule::Karras, kSteps));
  EXPECT_EQ(planSampling(requestFor(Sampler::DpmPlusPlus2MSde, Schedule::Automatic)).sigmas,
            makeSigmas(Schedule::Exponential, kSteps));
  EXPECT_EQ(planSampling(requestFor(Sampler::Euler, Schedule::Automatic)).sigmas, makeSigmas(Schedule::Normal, kSteps));
}

TEST(SamplingPlan, leavesTheLastSigmaOutAsTheProgramsDo) {
  const auto discards = [](Sampler sampler, Profile profile, PenultimateSigma choice = PenultimateSigma::Automatic) {
    GenerationRequest request = requestFor(sampler, Schedule::Karras, profile);
    request.penultimateSigma = choice;
    const std::vector<float> sigmas = planSampling(request).sigmas;
    std::vector<float> longer =
        makeSigmas(Schedule::Karras, kSteps + 1, TrainingSigmas(), {reproductionProfile(request).schedules});
    longer.erase(longer.end() - 2);
    EXPECT_EQ(sigmas.size(), longer.size());
    return sigmas == longer;
  };
  EXPECT_TRUE(discards(Sampler::Dpm2, Profile::Studio));
  EXPECT_TRUE(discards(Sampler::Dpm2Ancestral, Profile::ComfyUi));
  EXPECT_TRUE(discards(Sampler::DpmPlusPlus3MSde, Profile::A1111Cpu));
  EXPECT_FALSE(discards(Sampler::DpmPlusPlus3MSde, Profile::ComfyUi));
  EXPECT_TRUE(discards(Sampler::UniPC, Profile::ComfyUi));
  EXPECT_FALSE(discards(Sampler::UniPC, Profile::Studio));
  EXPECT_FALSE(discards(Sampler::Dpm2, Profile::Diffusers));
  EXPECT_FALSE(discards(Sampler::Dpm2, Profile::Studio, PenultimateSigma::Keep));
  EXPECT_TRUE(discards(Sampler::Euler, Profile::Studio, PenultimateSigma::Discard));
}

TEST(SamplingPlan, walksA1111sOwnTimesteps) {
  for (const auto& [steps, golden] : goldens()["sigmas_of_a1111_timesteps"].items()) {
    for (const auto& [sampler, name] :
         {std::pair{Sampler::Ddim, "ddim"}, std::pair{Sampler::Plms, "ddim"}, std::pair{Sampler::UniPC, "unipc"}}) {
      GenerationRequest request = requestFor(sampler, Schedule::Automatic, Profile::A1111Cpu);
      request.steps = std::stoi(steps);
      const SamplingPlan plan = planSampling(request);
      const auto expected = golden[name].get<std::vector<double>>();
      if (expected.size() < 2) continue;  // one step of DDIM is none at all there; here it is an ordinary one
      ASSERT_EQ(plan.sigmas.size(), expected.size()) << name << steps;
      for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(plan.sigmas[i], expected[i], 1e-5 * expected[i]);
      EXPECT_NEAR(plan.startScale, std::sqrt(1 + expected.front() * expected.front()), 1e-4);
      EXPECT_NEAR(plan.endScale, 1 / std::sqrt(1 + expected.back() * expected.back()), 1e-6);
    }
  }
}

TEST(SamplingPlan, takesAListOfSigmasInPlaceOfTheScheduler) {
  GenerationRequest request = requestFor(Sampler::Euler);
  request.sigmas = "10, 3, 0.5";
  EXPECT_EQ(planSampling(request).sigmas, (std::vector<float>{10, 3, 0.5F, 0}));
}

TEST(SamplingPlan, startsComfyUisPicturesWithAllOfTheVariance) {
  const SamplingPlan whole = planSampling(requestFor(Sampler::Euler, Schedule::Karras, Profile::ComfyUi));
  EXPECT_NEAR(whole.startScale, std::sqrt(1 + 14.614641 * 14.614641), 1e-4);
  const SamplingPlan beta = planSampling(requestFor(Sampler::Euler, Schedule::DdimUniform, Profile::ComfyUi));
  EXPECT_EQ(beta.startScale, beta.sigmas.front()) << "it does not begin at the largest sigma";
}

TEST(SamplingPlan, drawsNoiseWhereTheProgramDoes) {
  const auto noises = [](Profile profile) {
    GenerationRequest request = requestFor(Sampler::EulerAncestral, Schedule::Karras, profile);
    const SamplingPlan plan = planSampling(request);
    SamplerState state = startOf(plan, Seed{5}, 1, kPictureShape);
    return std::pair{state.x / plan.startScale, state.noise.draw(kPictureShape)};
  };
  NoiseSource cpu(Seed{5}, 1), card(Seed{5}, 1, {.philox = true});
  const at::Tensor cpuFirst = cpu.draw(kPictureShape), cpuSecond = cpu.draw(kPictureShape);
  const at::Tensor cardFirst = card.draw(kPictureShape), cardSecond = card.draw(kPictureShape);
  const auto expect = [&](Profile profile, const at::Tensor& first, const at::Tensor& second) {
    const auto [start, next] = noises(profile);
    EXPECT_LT(relativeError(start, first), 1e-6) << idOf(profile);
    EXPECT_TRUE(bitEqual(next, second)) << idOf(profile);
  };
  expect(Profile::Studio, cpuFirst, cpuSecond);
  expect(Profile::A1111Cpu, cpuFirst, cpuSecond);
  expect(Profile::A1111Nv, cardFirst, cardSecond);
  expect(Profile::ComfyUi, cpuFirst, cardFirst);
}

TEST(SamplingPlan, looksAtTheNegativePromptForSamplersThatReadIt) {
  GenerationRequest request = requestFor(Sampler::EulerCfgPlusPlus);
  request.guidanceScale = 1;
  EXPECT_TRUE(planSampling(request).guidance.usesNegative());
  request.sampler = Sampler::Euler;
  EXPECT_FALSE(planSampling(request).guidance.usesNegative());
  request = requestFor(Sampler::DdimCfgPlusPlus, Schedule::DdimUniform, Profile::A1111Cpu);
  EXPECT_NEAR(planSampling(request).guidance.scale, 7 / 12.5, 1e-12);
}

TEST(SamplingPlan, leavesTheNegativePromptOutOfTheFirstPartOfTheSteps) {
  GenerationRequest request = requestFor(Sampler::Euler);
  request.promptOnly = 0.3;
  const SamplingPlan plan = planSampling(request);
  int withNegative = 0;
  for (std::size_t i = 0; i + 1 < plan.sigmas.size(); ++i)
    withNegative += plan.sigmas[i] <= plan.guidance.promptOnlyAbove;
  EXPECT_EQ(withNegative, 6) << "steps 0 to 3 of 10, the fraction's own step included, go without";
  request.promptOnly = 1;
  EXPECT_EQ(planSampling(request).guidance.promptOnlyAbove, 0);
}

TEST(SamplingPlan, tellsSamplersWhatTheRequestSays) {
  GenerationRequest request = requestFor(Sampler::Euler);
  request.sChurn = 6;
  request.sTmin = 0.1;
  request.sTmax = 8;
  request.sNoise = 1.01;
  const SamplingPlan plan = planSampling(request);
  SamplerState state = startState(plan.sigmas[0]);
  runSampler(*plan.sampler, state, estimateAnalytically, plan.sigmas, {});
  EXPECT_LT(relativeError(state.x, tensorOf(goldens()["options"]["euler_churn"])), kTolerance);
}

/// What the network is told at each step.
std::vector<double> timestepsOf(const GenerationRequest& request) {
  const SamplingPlan plan = planSampling(request);
  std::vector<double> told;
  const Denoiser denoiser(
      [&told](const at::Tensor& x, const at::Tensor& timesteps) {
        told.push_back(timesteps.item<float>());
        return x;
      },
      PredictionType::Epsilon, plan.training, plan.timesteps);
  for (std::size_t i = 0; i + 1 < plan.sigmas.size(); ++i) denoiser.predict(at::zeros({1, 4, 2, 2}), plan.sigmas[i]);
  for (double& timestep : told) timestep = std::round(timestep * 100) / 100;
  return told;
}

TEST(SamplingPlan, walksTheTimestepsThatFewStepNetworksWereMadeFor) {
  const auto stepsOf = [](Sampler sampler, Schedule schedule, Profile profile, int steps = 4) {
    GenerationRequest request = requestFor(sampler, schedule, profile);
    request.steps = steps;
    return timestepsOf(request);
  };
  const std::vector<double> ofFifty{999, 759, 499, 259}, trailing{999, 749, 499, 249};
  for (const Profile profile : {Profile::Studio, Profile::Diffusers}) {
    EXPECT_EQ(stepsOf(Sampler::Lcm, Schedule::Automatic, profile), ofFifty);
    EXPECT_EQ(stepsOf(Sampler::Tcd, Schedule::Automatic, profile), ofFifty);
    EXPECT_EQ(stepsOf(Sampler::Euler, Schedule::Turbo, profile), trailing);
  }
  EXPECT_EQ(stepsOf(Sampler::Lcm, Schedule::Automatic, Profile::Studio, 1), std::vector<double>{999});
  EXPECT_EQ(stepsOf(Sampler::Lcm, Schedule::Automatic, Profile::Studio, 80).size(), 50U) << "there are no more";
  EXPECT_EQ(stepsOf(Sampler::Lcm, Schedule::Automatic, Profile::A1111Cpu), (std::vector<double>{999, 679, 339, 19}))
      << "its own: the nearest of the fifty to an even walk over them";
  EXPECT_EQ(stepsOf(Sampler::Lcm, Schedule::SgmUniform, Profile::A1111Cpu), ofFifty);
}

/// Any choice a request can make must lead to a picture without a number that is none.
TEST(SamplingPlan, endsWithNumbersForEverySamplerSchedulerAndProfile) {
  for (const auto& profile : kProfiles) {
    for (const auto& sampler : kSamplers) {
      for (const auto& schedule : kSchedules) {
        GenerationRequest request = requestFor(sampler.value, schedule.value, profile.value);
        request.steps = 3;
        const SamplingPlan plan = planSampling(request);
        SamplerState state = startOf(plan, Seed{11}, 1, kPictureShape);
        EXPECT_NO_THROW(runSampler(*plan.sampler, state, estimateAnalytically, plan.sigmas, {}))
            << profile.id << " " << sampler.id << " " << schedule.id;
      }
    }
  }
}

}  // namespace
}  // namespace studio::engine
