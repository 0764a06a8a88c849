#include "engine/sampling/samplers.h"

#include "engine/sampling/run_sampler.h"
#include "tests/engine/sampling/sampling_fixture.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>

namespace studio::engine {
namespace {

using namespace sampling_fixture;

/// Names in the goldens.
const std::map<Sampler, std::string> kGoldenNames{{Sampler::Euler, "euler"},
                                                  {Sampler::EulerAncestral, "euler_a"},
                                                  {Sampler::Heun, "heun"},
                                                  {Sampler::DpmPlusPlus2M, "dpmpp_2m"},
                                                  {Sampler::DpmPlusPlus2MSde, "dpmpp_2m_sde"},
                                                  {Sampler::Ddim, "ddim"},
                                                  {Sampler::UniPC, "unipc"},
                                                  {Sampler::Lcm, "lcm"}};

at::Tensor endOf(Sampler sampler, const std::vector<float>& sigmas, std::uint64_t seed = 11, int pictures = kPictures) {
  SamplerState state = startState(sigmas[0], seed, pictures);
  runSampler(*makeSampler(sampler), state, denoiseAnalytically, sigmas, {});
  return state.x;
}

class EverySampler : public testing::TestWithParam<Sampler> {};

std::array<Sampler, kSamplers.size()> allSamplers() {
  std::array<Sampler, kSamplers.size()> all{};
  std::transform(kSamplers.begin(), kSamplers.end(), all.begin(), [](const auto& choice) { return choice.value; });
  return all;
}

INSTANTIATE_TEST_SUITE_P(Samplers, EverySampler, testing::ValuesIn(allSamplers()),
                         [](const auto& test) { return std::string(idOf(test.param)); });

TEST_P(EverySampler, endsWhereTheReferenceEndsOnEverySchedule) {
  for (const auto& schedule : kSchedules) {
    const at::Tensor expected = tensorOf(goldens()["ends"][std::string(schedule.id)][kGoldenNames.at(GetParam())]);
    const std::vector<float> sigmas = makeSigmas(schedule.value, kSteps);
    EXPECT_LT(relativeError(endOf(GetParam(), sigmas), expected), kTolerance) << schedule.id;
  }
}

/// The twin of the goldens: one sigma off by 5 % must be seen, or the comparison above proves nothing.
TEST_P(EverySampler, missesTheReferenceTenfoldWhenOneSigmaIsOff) {
  for (const auto& schedule : kSchedules) {
    const at::Tensor expected = tensorOf(goldens()["ends"][std::string(schedule.id)][kGoldenNames.at(GetParam())]);
    std::vector<float> sigmas = makeSigmas(schedule.value, kSteps);
    sigmas[kSteps / 2] *= 1.05f;
    EXPECT_GT(relativeError(endOf(GetParam(), sigmas), expected), 10 * kTolerance) << schedule.id;
  }
}

TEST_P(EverySampler, endsBitEqualWhenItsStateIsSavedAndRebuiltAtAnyBorder) {
  const std::vector<float> sigmas = makeSigmas(Schedule::Karras, kSteps);
  const at::Tensor whole = endOf(GetParam(), sigmas);
  std::vector<std::string> borders;
  SamplerState state = startState(sigmas[0]);
  borders.push_back(serialise(state));
  runSampler(*makeSampler(GetParam()), state, denoiseAnalytically, sigmas, {},
             [&](const SamplerState& after, const at::Tensor&) { borders.push_back(serialise(after)); });
  ASSERT_EQ(borders.size(), sigmas.size());
  for (const std::string& bytes : borders) {
    SamplerState resumed = deserialise(bytes);
    runSampler(*makeSampler(GetParam()), resumed, denoiseAnalytically, sigmas, {});
    EXPECT_TRUE(bitEqual(resumed.x, whole));
  }
}

TEST_P(EverySampler, makesAPictureTheSameAloneAndInABatch) {
  const std::vector<float> sigmas = makeSigmas(Schedule::Normal, kSteps);
  const at::Tensor batch = endOf(GetParam(), sigmas, 30, 3);
  for (int i = 0; i < 3; ++i) {
    EXPECT_LT(relativeError(endOf(GetParam(), sigmas, 30 + i, 1), batch[i]), 1e-6);
  }
}

TEST_P(EverySampler, tellsHowOftenItCallsTheNetwork) {
  const std::vector<float> sigmas = makeSigmas(Schedule::Simple, 5);
  const auto sampler = makeSampler(GetParam());
  SamplerState state = startState(sigmas[0]);
  int calls = 0;
  const DenoiseFunction counting = [&](const at::Tensor& x, float sigma) {
    ++calls;
    return denoiseAnalytically(x, sigma);
  };
  runSampler(*sampler, state, counting, sigmas, {});
  EXPECT_EQ(networkCallsFrom(*sampler, 0, sigmas), calls);
  EXPECT_EQ(calls, GetParam() == Sampler::Heun ? 9 : 5);
}

TEST_P(EverySampler, makesAPictureInOneStep) {
  const std::vector<float> sigmas = makeSigmas(Schedule::Karras, 1);
  const at::Tensor start = startState(sigmas[0]).x;
  EXPECT_LT(relativeError(endOf(GetParam(), sigmas), denoiseAnalytically(start, sigmas[0])), 1e-5);
}

TEST(Samplers, differFromEachOther) {
  const std::vector<float> sigmas = makeSigmas(Schedule::Karras, kSteps);
  for (const auto& one : kSamplers) {
    for (const auto& other : kSamplers) {
      if (one.value == other.value) continue;
      const bool sameOde = (one.value == Sampler::Ddim || one.value == Sampler::Euler) &&
                           (other.value == Sampler::Ddim || other.value == Sampler::Euler);
      const double difference = relativeError(endOf(one.value, sigmas), endOf(other.value, sigmas));
      if (sameOde) {
        EXPECT_LT(difference, 1e-5) << "without its eta, DDIM is Euler's method";
      } else {
        EXPECT_GT(difference, 10 * kTolerance) << one.id << " " << other.id;
      }
    }
  }
}

/// Halving the steps' length must shrink the error of a method of order p about 2^p times.
TEST(Samplers, ofHigherOrderConvergeFaster) {
  const auto errorAt = [](Sampler sampler, int steps) {
    const at::Tensor fine = endOf(Sampler::Heun, makeSigmas(Schedule::Exponential, 1000));
    return relativeError(endOf(sampler, makeSigmas(Schedule::Exponential, steps)), fine);
  };
  EXPECT_NEAR(errorAt(Sampler::Euler, 40) / errorAt(Sampler::Euler, 80), 2, 0.4);
  EXPECT_GT(errorAt(Sampler::DpmPlusPlus2M, 40) / errorAt(Sampler::DpmPlusPlus2M, 80), 3);
  EXPECT_GT(errorAt(Sampler::Heun, 40) / errorAt(Sampler::Heun, 80), 3);
  EXPECT_GT(errorAt(Sampler::UniPC, 80) / errorAt(Sampler::UniPC, 160), 5);
}

}  // namespace
}  // namespace studio::engine
