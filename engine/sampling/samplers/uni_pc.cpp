#include "engine/sampling/samplers/arithmetic.h"
#include "engine/sampling/samplers/factories.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>
#include <vector>

namespace studio::engine {
namespace {

constexpr int kMostOrder = 3;

/// The rows R and b of UniPC's coefficients (Zhao et al. 2023, section 3, in its data-prediction form)
/// for points at `ratios` (in units of h), with B(h) = h ("bh1").
struct UniSystem {
  std::array<std::array<double, kMostOrder>, kMostOrder> r{};
  std::array<double, kMostOrder> b{};
};

UniSystem uniSystem(const std::vector<double>& ratios, double h) {
  UniSystem system;
  double phi = std::expm1(-h) / -h - 1;  // h·phi_{k+1}, by its recursion
  double factorial = 1;
  for (std::size_t row = 0; row < ratios.size(); ++row) {
    for (std::size_t i = 0; i < ratios.size(); ++i) system.r[row][i] = std::pow(ratios[i], static_cast<double>(row));
    system.b[row] = phi * factorial / -h;
    factorial *= static_cast<double>(row) + 2;
    phi = phi / -h - 1 / factorial;
  }
  return system;
}

/// Solves the first `count` rows by Gaussian elimination. A Vandermonde matrix of distinct points is never singular,
/// but its first column may need a pivot.
std::array<double, kMostOrder> solve(UniSystem system, std::size_t count) {
  auto& [r, b] = system;
  for (std::size_t column = 0; column < count; ++column) {
    std::size_t pivot = column;
    for (std::size_t row = column + 1; row < count; ++row) {
      if (std::abs(r[row][column]) > std::abs(r[pivot][column])) pivot = row;
    }
    std::swap(r[column], r[pivot]);
    std::swap(b[column], b[pivot]);
    for (std::size_t row = 0; row < count; ++row) {
      if (row == column) continue;
      const double factor = r[row][column] / r[column][column];
      for (std::size_t i = column; i < count; ++i) r[row][i] -= factor * r[column][i];
      b[row] -= factor * b[column];
    }
  }
  std::array<double, kMostOrder> rho{};
  for (std::size_t i = 0; i < count; ++i) rho[i] = b[i] / r[i][i];
  return rho;
}

/// UniPC of order 3, data prediction, B(h) = h, with the corrector at every step but the last, where the network is not
/// called (Zhao et al. 2023, "UniPC: A Unified Predictor-Corrector Framework for Fast Sampling of Diffusion Models",
/// section 3 and the data-prediction algorithms of its appendix; A1111 uses the same order and B). Order rises from 1
/// at the start and falls to 1 at the end. The paper's x is ours times alpha; dividing by alpha leaves sigmas only.
/// History: x at the start of the last step, then the last denoised, newest first, at most three.
class UniPcSampler final : public SamplerBase {
 public:
  void step(SamplerState& state, const DenoiseFunction& denoise, std::span<const float> sigmas) const override {
    const at::Tensor denoised = denoise(state.x, sigmas[state.step]);
    if (state.step > 0) correct(state, denoised, sigmas);
    predict(state, denoised, sigmas);
  }

 private:
  static int orderAt(int step, std::span<const float> sigmas) {
    const int left = static_cast<int>(sigmas.size()) - 1 - step;
    return std::min({kMostOrder, step + 1, left});
  }

  /// Walks from sigmas[from] (latent `x`, network's answers `data`, newest first) to sigmas[from + 1]. `arrival` is the
  /// network's answer there for the corrector, null for the predictor.
  static at::Tensor walk(const at::Tensor& x, const std::vector<at::Tensor>& data, const at::Tensor* arrival, int from,
                         std::span<const float> sigmas) {
    const double lambda = logSignalToNoise(sigmas[from]);
    const double h = logSignalToNoise(sigmas[from + 1]) - lambda;
    const int order = orderAt(from, sigmas);
    std::vector<double> ratios;
    std::vector<at::Tensor> differences;
    for (int i = 1; i < order; ++i) {
      ratios.push_back((logSignalToNoise(sigmas[from - i]) - lambda) / h);
      differences.push_back((data[i] - data[0]) / ratios.back());
    }
    ratios.push_back(1);
    if (arrival) differences.push_back(*arrival - data[0]);

    const UniSystem system = uniSystem(ratios, h);
    std::array<double, kMostOrder> rho{0.5};  // the paper's choice where one difference is all there is
    if (differences.size() > 1) rho = solve(system, differences.size());
    at::Tensor result = x * (sigmas[from + 1] / sigmas[from]) - data[0] * std::expm1(-h);
    for (std::size_t i = 0; i < differences.size(); ++i) result = result + differences[i] * (h * rho[i]);
    return result;
  }

  static void correct(SamplerState& state, const at::Tensor& denoised, std::span<const float> sigmas) {
    const std::vector<at::Tensor> data(state.history.begin() + 1, state.history.end());
    state.x = walk(state.history[0], data, &denoised, state.step - 1, sigmas);
  }

  static void predict(SamplerState& state, const at::Tensor& denoised, std::span<const float> sigmas) {
    std::vector<at::Tensor> data{denoised};
    if (!state.history.empty()) data.insert(data.end(), state.history.begin() + 1, state.history.end());
    if (data.size() > kMostOrder) data.resize(kMostOrder);
    const at::Tensor start = state.x;
    const bool last = sigmas[state.step + 1] == 0;
    state.x = last ? denoised : walk(start, data, nullptr, state.step, sigmas);
    state.history = std::move(data);
    state.history.insert(state.history.begin(), start);
  }
};

}  // namespace

std::unique_ptr<SamplerBase> makeUniPcSampler() { return std::make_unique<UniPcSampler>(); }

}  // namespace studio::engine
