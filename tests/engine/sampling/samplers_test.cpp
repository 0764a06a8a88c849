#include "engine/sampling/samplers.h"

#include "engine/sampling/brownian_path.h"
#include "engine/sampling/run_sampler.h"
#include "engine/sampling/seed_sequence.h"
#include "tests/engine/sampling/sampling_fixture.h"

#include <gtest/gtest.h>

#include <ATen/ops/isfinite.h>

#include <algorithm>
#include <array>
#include <map>

namespace studio::engine {
namespace {

using namespace sampling_fixture;

/// Schedules the goldens hold ends for.
constexpr std::array kGoldenSchedules{Schedule::Normal, Schedule::Karras};

/// They choose their steps and look at the first and the last sigma only, where they end.
bool choosesItsSteps(Sampler sampler) { return sampler == Sampler::DpmFast || sampler == Sampler::DpmAdaptive; }

at::Tensor goldenEnd(Schedule schedule, Sampler sampler) {
  return tensorOf(goldens()["ends"][std::string(idOf(schedule))][std::string(idOf(sampler))]);
}

at::Tensor endFrom(SamplerState state, Sampler sampler, const std::vector<float>& sigmas,
                   const SamplerOptions& options = {}) {
  runSampler(*makeSampler(sampler, options), state, estimateAnalytically, sigmas, {});
  return state.x;
}

at::Tensor endOf(Sampler sampler, const std::vector<float>& sigmas, std::uint64_t seed = 11, int pictures = kPictures) {
  return endFrom(startState(sigmas[0], seed, pictures), sampler, sigmas);
}

class EverySampler : public testing::TestWithParam<Sampler> {};

std::array<Sampler, kSamplers.size()> allSamplers() {
  std::array<Sampler, kSamplers.size()> all{};
  std::transform(kSamplers.begin(), kSamplers.end(), all.begin(), [](const auto& choice) { return choice.value; });
  return all;
}

INSTANTIATE_TEST_SUITE_P(Samplers, EverySampler, testing::ValuesIn(allSamplers()),
                         [](const auto& test) { return std::string(idOf(test.param)); });

TEST_P(EverySampler, endsWhereTheReferenceEnds) {
  for (const Schedule schedule : kGoldenSchedules) {
    const at::Tensor end = endOf(GetParam(), makeSigmas(schedule, kSteps));
    EXPECT_LT(relativeError(end, goldenEnd(schedule, GetParam())), kTolerance) << idOf(schedule);
  }
}

/// The twin of the goldens: one sigma off by 5 % must be seen, or the comparison above proves nothing.
TEST_P(EverySampler, missesTheReferenceTenfoldWhenOneSigmaIsOff) {
  for (const Schedule schedule : kGoldenSchedules) {
    std::vector<float> sigmas = makeSigmas(schedule, kSteps);
    const SamplerState start = startState(sigmas[0]);
    sigmas[choosesItsSteps(GetParam()) ? 0 : kSteps / 2] *= 1.05f;
    const at::Tensor end = endFrom(start, GetParam(), sigmas);
    EXPECT_GT(relativeError(end, goldenEnd(schedule, GetParam())), 10 * kTolerance) << idOf(schedule);
  }
}

TEST_P(EverySampler, endsBitEqualWhenItsStateIsSavedAndRebuiltAtAnyBorder) {
  const std::vector<float> sigmas = makeSigmas(Schedule::Karras, kSteps);
  const at::Tensor whole = endOf(GetParam(), sigmas);
  std::vector<std::string> borders;
  SamplerState state = startState(sigmas[0]);
  borders.push_back(serialise(state));
  runSampler(*makeSampler(GetParam()), state, estimateAnalytically, sigmas, {},
             [&](const SamplerState& after, const at::Tensor&) { borders.push_back(serialise(after)); });
  ASSERT_GT(borders.size(), 3U);
  for (const std::string& bytes : borders) {
    SamplerState resumed = deserialise(bytes);
    runSampler(*makeSampler(GetParam()), resumed, estimateAnalytically, sigmas, {});
    EXPECT_TRUE(bitEqual(resumed.x, whole));
  }
}

TEST_P(EverySampler, makesAPictureTheSameAloneAndInABatch) {
  if (GetParam() == Sampler::DpmAdaptive) GTEST_SKIP() << "its steps are chosen for the batch as a whole";
  const std::vector<float> sigmas = makeSigmas(Schedule::Normal, kSteps);
  const at::Tensor batch = endOf(GetParam(), sigmas, 30, 3);
  for (int i = 0; i < 3; ++i) {
    EXPECT_LT(relativeError(endOf(GetParam(), sigmas, 30 + i, 1), batch[i]), 1e-6);
  }
}

TEST_P(EverySampler, tellsHowOftenItCallsTheNetworkAndHowManyStepsAreLeft) {
  for (const int steps : {1, 2, 5, 6, 24, 40}) {
    const std::vector<float> sigmas = makeSigmas(Schedule::Karras, steps);
    const auto sampler = makeSampler(GetParam());
    SamplerState state = startState(sigmas[0]);
    const int stepsPromised = sampler->stepsLeft(state, sigmas);
    const int callsPromised = networkCallsLeft(*sampler, state, sigmas);
    int calls = 0;
    const DenoiseFunction counting = [&](const at::Tensor& x, float sigma) {
      ++calls;
      return estimateAnalytically(x, sigma);
    };
    runSampler(*sampler, state, counting, sigmas, {});
    EXPECT_EQ(sampler->stepsLeft(state, sigmas), 0);
    if (GetParam() == Sampler::DpmAdaptive) {
      EXPECT_EQ(calls, 3 * state.step);
    } else {
      EXPECT_EQ(state.step, stepsPromised) << steps;
      EXPECT_EQ(calls, callsPromised) << steps;
    }
  }
}

TEST(Samplers, callTheNetworkAsOftenAsTheirPapersSay) {
  const auto calls = [](Sampler sampler, int steps) {
    const std::vector<float> sigmas = makeSigmas(Schedule::Karras, steps);
    return networkCallsLeft(*makeSampler(sampler), startState(sigmas[0]), sigmas);
  };
  EXPECT_EQ(calls(Sampler::Euler, 10), 10);
  EXPECT_EQ(calls(Sampler::Heun, 10), 19);
  EXPECT_EQ(calls(Sampler::DpmPlusPlusSde, 10), 19);
  EXPECT_EQ(calls(Sampler::HeunPlusPlus2, 10), 27);
  EXPECT_EQ(calls(Sampler::Plms, 10), 11);
  EXPECT_EQ(calls(Sampler::Seeds3, 10), 28);
  EXPECT_EQ(calls(Sampler::SaSolverPece, 10), 19);
  EXPECT_EQ(calls(Sampler::DpmPlusPlus2SAncestralCfgPlusPlus, 10), 19);
  EXPECT_EQ(calls(Sampler::DpmFast, 10), 10);
  EXPECT_EQ(calls(Sampler::DpmFast, 12), 12);
  EXPECT_EQ(calls(Sampler::Restart, 20), 39) << "11 steps down and 9 of the part walked again";
}

TEST_P(EverySampler, makesAPictureInOneStep) {
  const std::vector<float> sigmas = makeSigmas(Schedule::Karras, 1);
  const at::Tensor start = startState(sigmas[0]).x;
  const at::Tensor end = endOf(GetParam(), sigmas);
  EXPECT_TRUE(at::isfinite(end).all().item<bool>());
  if (GetParam() == Sampler::DpmAdaptive) return;                      // which takes as many as it needs all the same
  const double allowed = GetParam() == Sampler::DpmFast ? 0.1 : 1e-5;  // the one ends at the smallest sigma
  EXPECT_LT(relativeError(end, denoiseAnalytically(start, sigmas[0])), allowed);
}

TEST(Samplers, endWhereTheReferenceEndsWhateverTheyAreTold) {
  const SamplerOptions churn{.sNoise = 1.01, .sChurn = 6, .sTmin = 0.1, .sTmax = 8};
  const SamplerOptions lessNoise{.eta = 0.6, .sNoise = 1.02, .brownian = false};
  const auto error = [](const std::string& name, Sampler sampler, const SamplerOptions& options, int steps = kSteps) {
    const std::vector<float> sigmas = makeSigmas(Schedule::Karras, steps);
    return relativeError(endFrom(startState(sigmas[0]), sampler, sigmas, options),
                         tensorOf(goldens()["options"][name]));
  };
  EXPECT_LT(error("euler_churn", Sampler::Euler, churn), kTolerance);
  EXPECT_LT(error("heun_churn", Sampler::Heun, churn), kTolerance);
  EXPECT_LT(error("dpm2_churn", Sampler::Dpm2, churn), kTolerance);
  EXPECT_LT(error("euler_a_eta", Sampler::EulerAncestral, lessNoise), kTolerance);
  EXPECT_LT(error("euler_a_eta", Sampler::Ddim, {.ddimEta = 0.6, .sNoise = 1.02}), kTolerance) << "the same in sigmas";
  EXPECT_LT(error("dpm2_a_eta", Sampler::Dpm2Ancestral, lessNoise), kTolerance);
  EXPECT_LT(error("dpmpp_2s_a_eta", Sampler::DpmPlusPlus2SAncestral, lessNoise), kTolerance);
  EXPECT_LT(error("dpmpp_sde_eta", Sampler::DpmPlusPlusSde, lessNoise), kTolerance);
  EXPECT_LT(error("dpmpp_2m_sde_eta", Sampler::DpmPlusPlus2MSde, lessNoise), kTolerance);
  EXPECT_LT(error("dpmpp_3m_sde_eta", Sampler::DpmPlusPlus3MSde, lessNoise), kTolerance);
  EXPECT_LT(error("dpmpp_2m_sde_brownian_24", Sampler::DpmPlusPlus2MSde, {}, 24), kTolerance);
  EXPECT_LT(error("seeds_2_eta", Sampler::Seeds2, {.eta = 0.6}), kTolerance);
  EXPECT_LT(error("seeds_3_eta", Sampler::Seeds3, {.eta = 0.6}), kTolerance);
  EXPECT_LT(error("res_multistep_a_eta", Sampler::ResMultistepAncestral, {.eta = 0.6}), kTolerance);
  EXPECT_LT(error("restart_24", Sampler::Restart, {}, 24), kTolerance);
  EXPECT_LT(error("restart_40", Sampler::Restart, {}, 40), kTolerance);
  EXPECT_GT(error("euler_churn", Sampler::Euler, {}), 10 * kTolerance);
  EXPECT_GT(error("euler_a_eta", Sampler::EulerAncestral, {}), 10 * kTolerance);
}

TEST(Samplers, endAsTheOnesOfDiffusersWithPlainNoise) {
  for (const Schedule schedule : kGoldenSchedules) {
    const std::vector<float> sigmas = makeSigmas(schedule, kSteps);
    const at::Tensor end = endFrom(startState(sigmas[0]), Sampler::DpmPlusPlus2MSde, sigmas, {.brownian = false});
    EXPECT_LT(relativeError(end, tensorOf(goldens()["ends"][std::string(idOf(schedule))]["dpmpp_2m_sde_plain"])),
              kTolerance);
  }
}

TEST(Samplers, differFromEachOther) {
  const std::vector<float> sigmas = makeSigmas(Schedule::Karras, kSteps);
  // Without their eta DDIM and Euler are one method, as are DDPM and Euler a; below 20 steps Restart is Heun.
  const std::map<Sampler, Sampler> same{{Sampler::Ddim, Sampler::Euler},
                                        {Sampler::Ddpm, Sampler::EulerAncestral},
                                        {Sampler::DdimCfgPlusPlus, Sampler::EulerCfgPlusPlus},
                                        {Sampler::Restart, Sampler::Heun}};
  std::map<Sampler, at::Tensor> ends;
  for (const auto& choice : kSamplers) ends[choice.value] = endOf(choice.value, sigmas);
  for (const auto& one : kSamplers) {
    for (const auto& other : kSamplers) {
      if (one.value >= other.value) continue;
      const double difference = relativeError(ends[one.value], ends[other.value]);
      const auto twin = same.find(other.value), otherTwin = same.find(one.value);
      const bool equal = (twin != same.end() && twin->second == one.value) ||
                         (otherTwin != same.end() && otherTwin->second == other.value);
      EXPECT_TRUE(equal ? difference < 1e-5 : difference > 10 * kTolerance)
          << one.id << " " << other.id << " " << difference;
    }
  }
}

TEST(BrownianPath, isTheOneOfTorchsde) {
  for (const auto& row : goldens()["brownian"]) {
    const BrownianPath path(std::stoull(row["seed"].get<std::string>()), kPictureShape, 0.029167, 14.614642);
    const at::Tensor increment = path.increment(row["from"].get<double>(), row["to"].get<double>());
    EXPECT_LT(relativeError(increment.flatten().narrow(0, 0, 8), tensorOf(row["increment"])), 1e-5) << row.dump();
  }
}

TEST(BrownianPath, addsUpWhereverItIsCut) {
  const BrownianPath path(5, kPictureShape, 0.1, 10);
  const at::Tensor whole = path.increment(0.1, 10);
  EXPECT_LT(relativeError(path.increment(0.1, 3.3) + path.increment(3.3, 10), whole), 1e-5);
  EXPECT_TRUE(bitEqual(path.increment(0, 11), whole)) << "points outside are moved in";
  EXPECT_GT(relativeError(BrownianPath(6, kPictureShape, 0.1, 10).increment(0.1, 10), whole), 0.1);
}

TEST(SeedSequence, isNumpys) {
  for (const auto& row : goldens()["seed_sequence"]) {
    std::vector<std::uint64_t> key;
    for (const auto& word : row["key"]) key.push_back(std::stoull(word.get<std::string>()));
    EXPECT_EQ(seedSequence(std::stoull(row["entropy"].get<std::string>()), key, 24, 4),
              row["words"].get<std::vector<std::uint32_t>>());
  }
}

}  // namespace
}  // namespace studio::engine
