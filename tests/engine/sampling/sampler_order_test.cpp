#include "engine/sampling/run_sampler.h"
#include "tests/engine/sampling/sampling_fixture.h"

#include <gtest/gtest.h>

#include <ostream>

namespace studio::engine {
namespace {

using namespace sampling_fixture;

/// Pictures that are normally distributed: the estimate is linear and the way of every picture is known.
constexpr double kMean = 0.3, kDeviation = 0.6;

Estimate estimateOfGaussian(const at::Tensor& x, float sigma) {
  const double wanted = kDeviation * kDeviation, noise = double{sigma} * sigma;
  const at::Tensor denoised = (x * wanted + kMean * noise) / (wanted + noise);
  return {denoised, denoised};
}

/// Where the probability-flow ODE leads from x at sigma `from` to sigma `to`.
at::Tensor exactEnd(const at::Tensor& x, double from, double to) {
  const auto spread = [](double sigma) { return std::sqrt(kDeviation * kDeviation + sigma * sigma); };
  return (x - kMean) * (spread(to) / spread(from)) + kMean;
}

/// Sigmas evenly spaced in log sigma between 10 and 0.1, without a 0: all steps are of full order there.
std::vector<float> evenSigmas(int steps) {
  std::vector<float> sigmas;
  for (int i = 0; i <= steps; ++i) sigmas.push_back(static_cast<float>(10 * std::pow(0.01, double(i) / steps)));
  return sigmas;
}

/// Order over the whole way; the first steps of multistep methods, and UniPC's last, are of lower order than the
/// others.
struct Promise {
  Sampler sampler;
  double order;
};

void PrintTo(const Promise& promise, std::ostream* out) { *out << idOf(promise.sampler); }

class OdeSampler : public testing::TestWithParam<Promise> {};

/// Those that add noise follow the same way when eta is 0.
INSTANTIATE_TEST_SUITE_P(
    Orders, OdeSampler,
    testing::Values(Promise{Sampler::Euler, 1}, Promise{Sampler::EulerAncestral, 1}, Promise{Sampler::Ddim, 1},
                    Promise{Sampler::EulerCfgPlusPlus, 1}, Promise{Sampler::EulerAncestralCfgPlusPlus, 1},
                    Promise{Sampler::DdimCfgPlusPlus, 1}, Promise{Sampler::GradientEstimation, 1},
                    Promise{Sampler::GradientEstimationCfgPlusPlus, 1}, Promise{Sampler::HeunPlusPlus2, 1},
                    Promise{Sampler::Heun, 2}, Promise{Sampler::ExpHeun, 2}, Promise{Sampler::ExpHeunSde, 2},
                    Promise{Sampler::Dpm2, 2}, Promise{Sampler::Dpm2Ancestral, 2},
                    Promise{Sampler::DpmPlusPlus2SAncestral, 2}, Promise{Sampler::DpmPlusPlus2SAncestralCfgPlusPlus, 2},
                    Promise{Sampler::DpmPlusPlusSde, 2}, Promise{Sampler::DpmPlusPlus2M, 2},
                    Promise{Sampler::DpmPlusPlus2MCfgPlusPlus, 2}, Promise{Sampler::DpmPlusPlus2MSde, 2},
                    Promise{Sampler::DpmPlusPlus2MSdeHeun, 2}, Promise{Sampler::DpmPlusPlus3MSde, 2},
                    Promise{Sampler::ResMultistep, 2}, Promise{Sampler::ResMultistepAncestral, 2},
                    Promise{Sampler::ResMultistepCfgPlusPlus, 2}, Promise{Sampler::ResMultistepAncestralCfgPlusPlus, 2},
                    Promise{Sampler::IpndmV, 2}, Promise{Sampler::UniPC, 2}, Promise{Sampler::UniPCBh2, 2},
                    Promise{Sampler::Seeds2, 2}, Promise{Sampler::Seeds3, 3}, Promise{Sampler::Deis, 3},
                    Promise{Sampler::Lms, 3}),
    [](const auto& test) { return std::string(idOf(test.param.sampler)); });

/// Twice as many steps must divide the error of a method of order p by about 2^p (by less while errors are still
/// large).
TEST_P(OdeSampler, keepsTheOrderItPromises) {
  const auto errorAt = [](int steps) {
    const std::vector<float> sigmas = evenSigmas(steps);
    SamplerState state = startState(sigmas[0]);
    const at::Tensor exact = exactEnd(state.x, sigmas[0], sigmas.back());
    runSampler(*makeSampler(GetParam().sampler, {.eta = 0}), state, estimateOfGaussian, sigmas, {});
    return relativeError(state.x, exact);
  };
  const int steps = GetParam().order > 2 ? 20 : 60;
  const double ratio = errorAt(steps) / errorAt(2 * steps);
  EXPECT_GT(ratio, 0.75 * std::pow(2, GetParam().order));
  EXPECT_LT(errorAt(2 * steps), 0.1);
}

class NoisySampler : public testing::TestWithParam<Sampler> {};

INSTANTIATE_TEST_SUITE_P(Noisy, NoisySampler,
                         testing::Values(Sampler::EulerAncestral, Sampler::Ddpm, Sampler::EulerAncestralCfgPlusPlus,
                                         Sampler::Dpm2Ancestral, Sampler::DpmPlusPlus2SAncestral,
                                         Sampler::DpmPlusPlus2SAncestralCfgPlusPlus, Sampler::DpmPlusPlusSde,
                                         Sampler::DpmPlusPlus2MSde, Sampler::DpmPlusPlus2MSdeHeun,
                                         Sampler::DpmPlusPlus3MSde, Sampler::ResMultistepAncestral,
                                         Sampler::ResMultistepAncestralCfgPlusPlus, Sampler::Seeds2, Sampler::Seeds3,
                                         Sampler::ExpHeunSde, Sampler::ErSde, Sampler::SaSolver, Sampler::SaSolverPece,
                                         Sampler::Restart),
                         [](const auto& test) { return std::string(idOf(test.param)); });

/// A sampler that adds noise ends at other pictures, but at pictures of the distribution: mean and spread are reached
/// with many steps, and worse with few.
TEST_P(NoisySampler, reachesTheDistributionOfThePictures) {
  static constexpr std::array<std::int64_t, 3> kLargePicture{4, 64, 64};  // the spread is known to 0.6 %
  const auto errorAt = [](int steps) {
    const std::vector<float> sigmas = karrasSigmas(steps, 0.03, 14.6);
    SamplerState state = startFromNoise(NoiseSource(Seed{3}, 1), kLargePicture, sigmas[0]);
    runSampler(*makeSampler(GetParam()), state, estimateOfGaussian, sigmas, {});
    EXPECT_NEAR(state.x.mean().item<double>(), kMean, 0.03) << steps;
    return std::abs(state.x.std().item<double>() / kDeviation - 1);
  };
  EXPECT_LT(errorAt(100), 0.05);
  EXPECT_GT(errorAt(4) + 0.01, errorAt(100));
}

}  // namespace
}  // namespace studio::engine
