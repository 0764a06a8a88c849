#include "engine/sampling/denoiser.h"

#include "engine/api/engine_error.h"
#include "engine/sampling/guidance.h"
#include "tests/engine/sampling/sampling_fixture.h"

#include <gtest/gtest.h>

#include <ATen/ops/cat.h>
#include <ATen/ops/linspace.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/tanh.h>

namespace studio::engine {
namespace {

using namespace sampling_fixture;

at::Tensor analyticNetwork(const at::Tensor& x, const at::Tensor& timesteps) {
  return at::tanh(x) + timesteps.reshape({-1, 1, 1, 1}) / 1000;
}

TEST(Denoiser, turnsEpsilonAndVelocityIntoThePicture) {
  const at::Tensor x = at::linspace(-3, 3, 8).reshape({1, 1, 1, 8});
  for (const auto& row : goldens()["denoiser"]) {
    const auto sigma = row["sigma"].get<float>();
    const at::Tensor epsilon = Denoiser(analyticNetwork, PredictionType::Epsilon)(x, sigma);
    const at::Tensor velocity = Denoiser(analyticNetwork, PredictionType::Velocity)(x, sigma);
    EXPECT_LT(relativeError(epsilon, tensorOf(row["epsilon"])), kTolerance);
    EXPECT_LT(relativeError(velocity, tensorOf(row["v"])), kTolerance);
    EXPECT_GT(relativeError(epsilon, tensorOf(row["v"])), 10 * kTolerance) << "the two must not be confused";
  }
}

TEST(Denoiser, givesEveryPictureTheFractionalTimestep) {
  for (const auto& row : goldens()["denoiser"]) {
    const Network network = [&](const at::Tensor& x, const at::Tensor& timesteps) {
      EXPECT_EQ(timesteps.sizes(), at::IntArrayRef({3}));
      EXPECT_EQ(timesteps.scalar_type(), at::kFloat);
      EXPECT_NEAR(timesteps[2].item<double>(), row["timestep"].get<double>(), 1e-3);
      return x;
    };
    Denoiser(network, PredictionType::Epsilon)(at::ones({3, 4, 2, 2}), row["sigma"].get<float>());
  }
}

TEST(Denoiser, answersInFp32WhateverTheNetworkAnswersIn) {
  const Network network = [](const at::Tensor& x, const at::Tensor&) { return x.to(at::kBFloat16); };
  EXPECT_EQ(Denoiser(network, PredictionType::Velocity)(at::ones({1, 4, 2, 2}), 1).scalar_type(), at::kFloat);
}

TEST(Denoiser, wantsToKnowThePredictionType) {
  EXPECT_THROW(Denoiser(analyticNetwork, PredictionType::Automatic), EngineException);
}

/// Rows for the prompt: twice the input; rows for the negative prompt: the input as it is.
at::Tensor networkOfTwoHalves(const at::Tensor& x, const at::Tensor& timesteps) {
  EXPECT_EQ(timesteps.size(0), x.size(0));
  const std::vector<at::Tensor> halves = x.chunk(2);
  EXPECT_TRUE(bitEqual(halves[0], halves[1]));
  return at::cat({halves[0] * 2, halves[1]});
}

TEST(Guidance, combinesBothHalvesOfOneBatch) {
  const at::Tensor x = at::randn({2, 4, 2, 2}), timesteps = at::ones({2});
  const at::Tensor combined = guided(networkOfTwoHalves, 7.5)(x, timesteps);
  EXPECT_LT(relativeError(combined, x * (1 + 7.5 * (2 - 1))), 1e-6);
  EXPECT_GT(relativeError(combined, x * (1 + 8 * (2 - 1))), 1e-3);
}

TEST(Guidance, ofScaleOneCallsTheNetworkWithoutTheNegativeHalf) {
  EXPECT_FALSE(usesNegativePrompt(1));
  EXPECT_TRUE(usesNegativePrompt(1.5));
  EXPECT_TRUE(usesNegativePrompt(0));
  const Network network = [](const at::Tensor& x, const at::Tensor&) {
    EXPECT_EQ(x.size(0), 3);
    return x * 5;
  };
  const at::Tensor x = at::ones({3, 4, 2, 2});
  EXPECT_TRUE(bitEqual(guided(network, 1)(x, at::ones({3})), x * 5));
}

}  // namespace
}  // namespace studio::engine
