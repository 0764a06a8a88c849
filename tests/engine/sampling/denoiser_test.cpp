#include "engine/sampling/denoiser.h"

#include "engine/api/engine_error.h"
#include "engine/sampling/guidance.h"
#include "tests/engine/sampling/sampling_fixture.h"
#include "tests/support/seeded_random.h"

#include <gtest/gtest.h>

#include <ATen/ops/cat.h>
#include <ATen/ops/linspace.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/tanh.h>

namespace studio::engine {
namespace {

using namespace sampling_fixture;
using tests::seededRandom;

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

/// Karras et al. 2022, table 1, column EDM, with sigma_data 0.5.
TEST(Denoiser, scalesAsEdmNetworksWereTrained) {
  constexpr double kData = 0.5;
  const at::Tensor x = at::linspace(-3, 3, 8).reshape({1, 1, 1, 8});
  for (const double sigma : {0.002, 0.7, 80.0}) {
    const double variance = sigma * sigma + kData * kData;
    const at::Tensor answer = at::tanh(x / std::sqrt(variance)) + 0.25 * std::log(sigma) / 1000;
    const at::Tensor skip = x * (kData * kData / variance), out = answer * (sigma * kData / std::sqrt(variance));
    const TrainingSigmas levels = TrainingSigmas::edm(0.002, 80, kData);
    const auto denoised = [&](PredictionType type) {
      return Denoiser(analyticNetwork, type, levels)(x, static_cast<float>(sigma));
    };
    EXPECT_LT(relativeError(denoised(PredictionType::Epsilon), skip + out), 1e-5) << sigma;
    EXPECT_LT(relativeError(denoised(PredictionType::Velocity), skip - out), 1e-5) << sigma;
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

GuidedDenoiser guided(const Network& network, Guidance guidance) {
  return GuidedDenoiser(Denoiser(network, PredictionType::Epsilon), guidance);
}

TEST(Guidance, combinesBothHalvesOfOneBatch) {
  const at::Tensor x = seededRandom({2, 4, 2, 2});
  constexpr float kSigma = 2;
  const double unit = std::sqrt(kSigma * kSigma + 1.0);  // the network sees x / unit
  const Estimate estimate = guided(networkOfTwoHalves, {.scale = 7.5})(x, kSigma);
  EXPECT_LT(relativeError(estimate.denoised, x - x / unit * (1 + 7.5 * (2 - 1)) * kSigma), 1e-6);
  EXPECT_GT(relativeError(estimate.denoised, x - x / unit * (1 + 8 * (2 - 1)) * kSigma), 1e-3);
  EXPECT_LT(relativeError(estimate.negative, x - x / unit * kSigma), 1e-6);
}

/// Answers with its input; notes how many rows it was given.
Network countingNetwork(std::vector<std::int64_t>& rows) {
  return [&rows](const at::Tensor& x, const at::Tensor&) {
    rows.push_back(x.size(0));
    return x;
  };
}

TEST(Guidance, ofScaleOneCallsTheNetworkWithoutTheNegativeHalf) {
  std::vector<std::int64_t> rows;
  const at::Tensor x = at::ones({3, 4, 2, 2});
  const Estimate estimate = guided(countingNetwork(rows), {.scale = 1})(x, 1);
  EXPECT_TRUE(bitEqual(estimate.negative, estimate.denoised));
  guided(countingNetwork(rows), {.scale = 1, .always = true})(x, 1);
  guided(countingNetwork(rows), {.scale = 0})(x, 1);
  guided(countingNetwork(rows), {.scale = 7, .promptOnlyAbove = 5})(x, 6);
  guided(countingNetwork(rows), {.scale = 7, .promptOnlyAbove = 5})(x, 5);
  EXPECT_EQ(rows, (std::vector<std::int64_t>{3, 6, 6, 3, 6}));
}

/// The guided prediction's spread becomes the prompt's, wholly or in part.
TEST(Guidance, rescalesToTheSpreadOfThePromptsPrediction) {
  const at::Tensor x = seededRandom({2, 4, 8, 8});
  const at::Tensor prediction = x / std::sqrt(2.0);  // at sigma 1
  const auto predictionOf = [&](double rescale) {
    const Guidance guidance{.scale = 7.5, .rescale = rescale};
    return x - guided(networkOfTwoHalves, guidance)(x, 1).denoised;
  };
  EXPECT_LT(relativeError(predictionOf(0), prediction * 8.5), 1e-5);
  EXPECT_LT(relativeError(predictionOf(1), prediction * 2), 1e-5);
  EXPECT_LT(relativeError(predictionOf(0.7), prediction * (0.7 * 2 + 0.3 * 8.5)), 1e-5);
}

/// Values that the gentler scale would not reach are pulled in, means stay.
TEST(Guidance, thresholdsToTheReachOfTheGentlerScale) {
  // Apart from 0, so that the mean is something to keep.
  const at::Tensor x = seededRandom({2, 4, 16, 16}) + 0.5;
  const auto denoised = [&](Guidance guidance) { return guided(networkOfTwoHalves, guidance)(x, 1).denoised; };
  const at::Tensor gentle = denoised({.scale = 7}), strong = denoised({.scale = 20});
  const at::Tensor tamed = denoised({.scale = 20, .thresholdQuantile = 0.99, .mimicScale = 7});
  const auto reach = [](const at::Tensor& t) {
    const at::Tensor flat = t.flatten(2);
    return (flat - flat.mean(at::OptionalIntArrayRef(std::int64_t{2}), true)).abs().max().item<double>();
  };
  EXPECT_LT(reach(tamed), reach(gentle) * 1.02);
  EXPECT_GT(reach(tamed), reach(gentle) * 0.7);
  EXPECT_LT(relativeError(tamed.mean(), strong.mean()), 0.1);
}

}  // namespace
}  // namespace studio::engine
