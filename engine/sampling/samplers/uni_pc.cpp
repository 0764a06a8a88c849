#include "engine/sampling/samplers/arithmetic.h"
#include "engine/sampling/samplers/factories.h"
#include "engine/sampling/samplers/linear_system.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace studio::engine {
namespace {

constexpr int kMostOrder = 3;

/// B(h) of the paper, which may be any function that starts like h; negative here, as its argument is −h.
enum class UniVariant { Bh1, Bh2 };

double uniScale(UniVariant variant, double h) { return variant == UniVariant::Bh1 ? -h : std::expm1(-h); }

/// The coefficients rho of UniPC (Zhao et al. 2023, section 3, in its data-prediction form) for points at `ratios` (in
/// units of h): the first `count` rows of its system.
std::vector<double> uniCoefficients(const std::vector<double>& ratios, std::size_t count, double h, double scale) {
  std::vector<std::vector<double>> matrix;
  std::vector<double> right;
  double phi = std::expm1(-h) / -h - 1;  // h·phi_{k+1}, by its recursion
  double factorial = 1;
  for (std::size_t row = 0; row < count; ++row) {
    std::vector<double>& powers = matrix.emplace_back();
    for (std::size_t i = 0; i < count; ++i) powers.push_back(std::pow(ratios[i], static_cast<double>(row)));
    right.push_back(phi * factorial / scale);
    factorial *= static_cast<double>(row) + 2;
    phi = phi / -h - 1 / factorial;
  }
  return solveLinear(std::move(matrix), std::move(right));
}

/// UniPC of order 3, data prediction, B(h) = h ("bh1") or e^h − 1 ("bh2"), with the corrector at every step but the
/// last, where the network is not called (Zhao et al. 2023, "UniPC: A Unified Predictor-Corrector Framework for Fast
/// Sampling of Diffusion Models", section 3 and the data-prediction algorithms of its appendix; A1111 uses the same
/// order and B). Order rises from 1 at the start and falls to 1 at the end. The paper's x is ours times alpha; dividing
/// by alpha leaves sigmas only. History: x at the start of the last step, then the last denoised, newest first, at most
/// three.
class UniPcSampler final : public SamplerBase {
 public:
  explicit UniPcSampler(UniVariant variant) : variant_(variant) {}

  void step(SamplerState& state, const DenoiseFunction& denoise, std::span<const float> sigmas) const override {
    const at::Tensor denoised = denoise(state.x, sigmas[state.step]).denoised;
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
  at::Tensor walk(const at::Tensor& x, const std::vector<at::Tensor>& data, const at::Tensor* arrival, int from,
                  std::span<const float> sigmas) const {
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

    const double scale = uniScale(variant_, h);
    std::vector<double> rho{0.5};  // the paper's choice where one difference is all there is
    if (differences.size() > 1) rho = uniCoefficients(ratios, differences.size(), h, scale);
    at::Tensor result = x * (sigmas[from + 1] / sigmas[from]) - data[0] * std::expm1(-h);
    for (std::size_t i = 0; i < differences.size(); ++i) result = result + differences[i] * (-scale * rho[i]);
    return result;
  }

  void correct(SamplerState& state, const at::Tensor& denoised, std::span<const float> sigmas) const {
    const std::vector<at::Tensor> data(state.history.begin() + 1, state.history.end());
    state.x = walk(state.history[0], data, &denoised, state.step - 1, sigmas);
  }

  void predict(SamplerState& state, const at::Tensor& denoised, std::span<const float> sigmas) const {
    std::vector<at::Tensor> data{denoised};
    if (!state.history.empty()) data.insert(data.end(), state.history.begin() + 1, state.history.end());
    if (data.size() > kMostOrder) data.resize(kMostOrder);
    const at::Tensor start = state.x;
    const bool last = sigmas[state.step + 1] == 0;
    state.x = last ? denoised : walk(start, data, nullptr, state.step, sigmas);
    state.history = std::move(data);
    state.history.insert(state.history.begin(), start);
  }

  UniVariant variant_;
};

}  // namespace

std::unique_ptr<SamplerBase> makeUniPcSampler(const SamplerOptions&) {
  return std::make_unique<UniPcSampler>(UniVariant::Bh1);
}

std::unique_ptr<SamplerBase> makeUniPcBh2Sampler(const SamplerOptions&) {
  return std::make_unique<UniPcSampler>(UniVariant::Bh2);
}

}  // namespace studio::engine
