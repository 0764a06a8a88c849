#include "engine/sampling/brownian_path.h"
#include "engine/sampling/run_sampler.h"
#include "engine/sampling/sampling_plan.h"
#include "tests/engine/sampling/sampling_fixture.h"

#include <gtest/gtest.h>

namespace studio::engine {
namespace {

using namespace sampling_fixture;

/// What torch, torchsde, k-diffusion and diffusers answer (see tests/reference/make_profile_goldens.py).
const nlohmann::json& profileGoldens() {
  static const nlohmann::json data = nlohmann::json::parse(std::ifstream("tests/data/profiles.json"));
  return data;
}

Seed goldenSeed() { return Seed{profileGoldens()["noise"]["seed"].get<std::uint64_t>()}; }

GenerationRequest requestAs(Profile profile, Sampler sampler = Sampler::EulerAncestral) {
  GenerationRequest request;
  request.profile = profile;
  request.sampler = sampler;
  request.schedule = Schedule::Karras;
  request.steps = kSteps;
  return request;
}

void expectNoise(const at::Tensor& noise, const char* name) {
  EXPECT_LT(relativeError(noise, tensorOf(profileGoldens()["noise"][name])), 1e-6) << name;
}

TEST(ProfileRules, drawAWholeBatchFromOneGeneratorForComfyUi) {
  const auto& golden = profileGoldens()["noise"]["batch"];
  NoiseSource noise(goldenSeed(), 3, {.ofBatch = true});
  EXPECT_TRUE(bitEqual(noise.draw(kPictureShape).reshape({-1}), tensorOf(golden[0])));
  NoiseSource restored = NoiseSource::fromState(noise.state());
  const at::Tensor second = noise.draw(kPictureShape);
  EXPECT_TRUE(bitEqual(second.reshape({-1}), tensorOf(golden[1])));
  EXPECT_TRUE(bitEqual(restored.draw(kPictureShape), second));
  EXPECT_EQ(restored.pictures(), 3);

  const SamplingPlan plan = planSampling(requestAs(Profile::ComfyUi));
  const SamplerState state = startOf(plan, goldenSeed(), 3, kPictureShape);
  EXPECT_LT(relativeError(state.x / plan.startScale, tensorOf(golden[0])), 1e-6);
  const SamplingPlan ours = planSampling(requestAs(Profile::A1111Cpu));
  const at::Tensor alone = startOf(ours, Seed{goldenSeed().value + 2}, 1, kPictureShape).x;
  EXPECT_TRUE(bitEqual(startOf(ours, goldenSeed(), 3, kPictureShape).x[2], alone[0])) << "one generator a picture";
}

TEST(ProfileRules, drawInTheFormatOfTheRunForDiffusers) {
  expectNoise(NoiseSource(goldenSeed(), 1, {.drawnAs = at::kHalf}).draw(kPictureShape), "half");
  expectNoise(NoiseSource(goldenSeed(), 1, {.drawnAs = at::kBFloat16}).draw(kPictureShape), "bfloat16");
  const SamplingPlan plan = planSampling(requestAs(Profile::Diffusers), TrainingSigmas(), false, at::kHalf);
  const SamplerState state = startOf(plan, goldenSeed(), 1, kPictureShape);
  expectNoise(state.x / plan.startScale, "half");
  EXPECT_EQ(planSampling(requestAs(Profile::ComfyUi), TrainingSigmas(), false, at::kHalf).firstNoise.drawnAs,
            at::kFloat);
}

TEST(ProfileRules, seedTheStepsAnewWhereTheProgramDoes) {
  GenerationRequest request = requestAs(Profile::A1111Cpu);
  request.ensd = profileGoldens()["noise"]["ensd"].get<int>();
  SamplerState state = startOf(planSampling(request), goldenSeed(), 1, kPictureShape);
  NoiseSource first(goldenSeed(), 1);
  EXPECT_LT(relativeError(state.x / planSampling(request).startScale, first.draw(kPictureShape)), 1e-6);
  expectNoise(state.noise.draw(kPictureShape), "after_ensd");

  state = startOf(planSampling(requestAs(Profile::ComfyUiCpu)), goldenSeed(), 2, kPictureShape);
  expectNoise(state.noise.draw(kPictureShape), "one_above");
}

TEST(ProfileRules, keepThePathOfThePicturesSeedWhenStepsAreSeededAnew) {
  GenerationRequest plain = requestAs(Profile::A1111Cpu, Sampler::DpmPlusPlusSde);
  GenerationRequest delta = plain;
  delta.ensd = 31337;
  const auto end = [](const GenerationRequest& request) {
    const SamplingPlan plan = planSampling(request);
    SamplerState state = startOf(plan, Seed{11}, 2, kPictureShape);
    runSampler(*plan.sampler, state, estimateAnalytically, plan.sigmas, {});
    return state.x;
  };
  EXPECT_TRUE(bitEqual(end(plain), end(delta)));
}

TEST(ProfileRules, followOnePathForAWholeBatchInComfyUi) {
  const BrownianPath path(goldenSeed().value, {2, 4, 4, 4}, 0.029167, 14.614642);
  EXPECT_LT(relativeError(path.increment(3.25, 9.1), tensorOf(profileGoldens()["noise"]["batch_path"])), 1e-5);
  const auto end = [](int pictures) {
    const SamplingPlan plan = planSampling(requestAs(Profile::ComfyUi, Sampler::DpmPlusPlus2MSde));
    SamplerState state = startOf(plan, Seed{11}, pictures, kPictureShape);
    state.x = state.x.narrow(0, 0, 1).expand_as(state.x).clone();
    runSampler(*plan.sampler, state, estimateAnalytically, plan.sigmas, {});
    return state.x;
  };
  const at::Tensor two = end(2);
  EXPECT_FALSE(bitEqual(two[0], two[1])) << "parts of one path";
}

/// The timesteps that a network is told at the goldens' sigmas.
std::vector<float> timestepsOf(const TrainingSigmas& training, TimestepRule rule) {
  std::vector<float> seen;
  const Denoiser denoiser(
      [&seen](const at::Tensor& x, const at::Tensor& timesteps) {
        seen.push_back(timesteps[0].item<float>());
        return x;
      },
      PredictionType::Epsilon, training, rule);
  for (const float sigma : profileGoldens()["timesteps"]["sigmas"].get<std::vector<float>>())
    denoiser(at::ones({1, 1, 1, 1}), sigma);
  return seen;
}

void expectNumbers(const std::vector<float>& got, const nlohmann::json& golden, double tolerance,
                   const std::string& what) {
  const auto expected = golden.get<std::vector<double>>();
  ASSERT_EQ(got.size(), expected.size()) << what;
  for (std::size_t i = 0; i < got.size(); ++i) EXPECT_NEAR(got[i], expected[i], tolerance) << what << " " << i;
}

TEST(ProfileRules, findTheTimestepOfASigmaAsTheProgramDoes) {
  const auto& golden = profileGoldens()["timesteps"];
  expectNumbers(timestepsOf(TrainingSigmas(), TimestepRule::Fractional), golden["fractional"], 0.02, "fractional");
  expectNumbers(timestepsOf(TrainingSigmas(), TimestepRule::Nearest), golden["nearest"], 0, "nearest");
  TrainingSigmas half;
  half.roundToHalf(true);
  expectNumbers(timestepsOf(half, TimestepRule::Fractional), golden["in_half"], 0.02, "in half");
}

TEST(ProfileRules, haveTheSigmasOfAnAlphaBarInHalf) {
  const auto& golden = profileGoldens()["timesteps"];
  GenerationRequest request = requestAs(Profile::A1111Cpu);
  request.schedule = Schedule::Uniform;
  request.programVersion = "v1.6.0";
  expectNumbers(planSampling(request).sigmas, golden["uniform_in_half"], 1e-4, "sigmas");
  const TrainingSigmas half = planSampling(request).training;
  EXPECT_EQ(half.smallest(), golden["ends_in_half"][0].get<double>());
  EXPECT_EQ(half.largest(), golden["ends_in_half"][1].get<double>());
  request.programVersion = "v1.8.0";
  EXPECT_GT(std::abs(planSampling(request).sigmas[4] - golden["uniform_in_half"][4].get<double>()), 1e-4);
}

TEST(ProfileRules, haveTheLevelsOfDiffusersMultistepSolvers) {
  for (const auto& [name, golden] : profileGoldens()["multistep"].items()) {
    GenerationRequest request = requestAs(Profile::Diffusers, Sampler::DpmPlusPlus2M);
    const std::size_t space = name.find(' ');
    request.schedule = choiceFrom<Schedule>(name.substr(0, space)).value();
    request.steps = std::stoi(name.substr(space + 1));
    const SamplingPlan plan = planSampling(request);
    std::vector<float> seen;
    const Denoiser denoiser(
        [&seen](const at::Tensor& x, const at::Tensor& timesteps) {
          seen.push_back(timesteps[0].item<float>());
          return x;
        },
        PredictionType::Epsilon, plan.training, plan.timesteps);
    for (std::size_t i = 0; i + 1 < plan.sigmas.size(); ++i) denoiser(at::ones({1, 1, 1, 1}), plan.sigmas[i]);
    expectNumbers(plan.sigmas, golden["sigmas"], 2e-4, name);
    expectNumbers(seen, golden["timesteps"], 0, name);
  }
}

}  // namespace
}  // namespace studio::engine
