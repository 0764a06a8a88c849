#pragma once

#include "engine/sampling/denoiser.h"
#include "engine/sampling/sampler_state.h"
#include "engine/sampling/sigma_schedule.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/sin.h>

#include <array>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

/// What the sampling tests share with tests/reference/make_sampling_goldens.py.
namespace studio::engine::sampling_fixture {

inline constexpr std::array<std::int64_t, 3> kPictureShape{4, 4, 4};
inline constexpr int kPictures = 2;
inline constexpr int kSteps = 10;
/// Single networks' tolerance: relative error of the whole tensor.
inline constexpr double kTolerance = 1e-4;

inline const nlohmann::json& goldens() {
  static const nlohmann::json data = nlohmann::json::parse(std::ifstream("tests/data/sampling.json"));
  return data;
}

inline at::Tensor tensorOf(const nlohmann::json& numbers) {
  std::vector<float> values = numbers.get<std::vector<float>>();
  return at::from_blob(values.data(), {static_cast<std::int64_t>(values.size())}, at::kFloat).clone();
}

inline double relativeError(const at::Tensor& got, const at::Tensor& expected) {
  const at::Tensor difference = got.reshape({-1}) - expected.reshape({-1});
  return difference.norm().item<double>() / expected.norm().item<double>();
}

/// The goldens' denoiser: not linear, keeps the scale, and turns with log sigma so that a wrong sigma shows at the end.
inline at::Tensor denoiseAnalytically(const at::Tensor& x, float sigma) {
  const double variance = 1 + double{sigma} * sigma;
  return x / variance + at::sin(x / std::sqrt(variance) + 3 * std::log(double{sigma})) * 0.5;
}

/// The same as samplers see it; the negative prompt wants something else.
inline Estimate estimateAnalytically(const at::Tensor& x, float sigma) {
  const at::Tensor denoised = denoiseAnalytically(x, sigma);
  return {denoised, denoised * 0.8 + 0.1};
}

inline SamplerState startState(float sigmaMax, std::uint64_t seed = 11, int pictures = kPictures) {
  return startFromNoise(NoiseSource(Seed{seed}, pictures), kPictureShape, sigmaMax);
}

inline bool bitEqual(const at::Tensor& a, const at::Tensor& b) { return a.sizes() == b.sizes() && a.equal(b); }

}  // namespace studio::engine::sampling_fixture
