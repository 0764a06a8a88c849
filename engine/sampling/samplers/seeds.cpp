#include "engine/sampling/samplers/arithmetic.h"
#include "engine/sampling/samplers/factories.h"
#include "engine/sampling/samplers/reverse_sde.h"

#include <ATen/ops/zeros_like.h>

#include <utility>
#include <vector>

namespace studio::engine {
namespace {

/// How the change of the estimate between two stages counts.
enum class StageRule { Midpoint, Exact };

/// SEEDS, exponential solvers of the reverse SDE without derivatives, in data prediction (Gonzalez et al. 2023, "SEEDS:
/// Exponential SDE Solvers for Fast High-Quality Sampling from Diffusion Models", the two- and the three-stage one,
/// with ComfyUI's nodes). Each stage starts at the latent of the step and goes to its node, a part of the step in
/// lambda, by the first estimate and its change up to the node before; the noise of all stages is one path. As many
/// network calls as stages, one at the last step. Both nodes at the end make it an exponential form of Heun's method.
class SeedsSampler final : public SamplerBase {
 public:
  /// The last of the nodes is 1.
  SeedsSampler(double eta, double sNoise, std::vector<double> nodes, StageRule rule)
      : eta_(eta), sNoise_(sNoise), nodes_(std::move(nodes)), rule_(rule) {}

  void step(SamplerState& state, const DenoiseFunction& denoise, std::span<const float> sigmas) const override {
    const double sigma = sigmas[state.step], next = sigmas[state.step + 1];
    const at::Tensor first = denoise(state.x, sigmas[state.step]).denoised;
    if (next == 0) {
      state.x = first;
      return;
    }
    at::Tensor x, noise = at::zeros_like(first);
    double from = sigma;
    for (std::size_t stage = 0; stage < nodes_.size(); ++stage) {
      const double to = sigma * std::pow(next / sigma, nodes_[stage]);
      const ReverseSdeStep whole(sigma, to, eta_), leg(from, to, eta_);
      at::Tensor arrival = state.x * whole.keep + first * whole.phi1;
      if (stage > 0) {
        const at::Tensor change = denoise(x, static_cast<float>(from)).denoised - first;
        const double weight = rule_ == StageRule::Midpoint ? whole.phi1 / 2 : whole.phi2;
        arrival = arrival + change * (weight * nodes_[stage] / nodes_[stage - 1]);
      }
      if (eta_ > 0) noise = noise * leg.keep + drawNoise(state) * (leg.noise * sNoise_);
      x = arrival + noise;
      from = to;
    }
    state.x = x;
  }

  int networkCalls(int step, std::span<const float> sigmas) const override {
    return sigmas[step + 1] == 0 ? 1 : static_cast<int>(nodes_.size());
  }

 private:
  double eta_, sNoise_;
  std::vector<double> nodes_;
  StageRule rule_;
};

}  // namespace

std::unique_ptr<SamplerBase> makeSeeds2Sampler(const SamplerOptions& options) {
  return std::make_unique<SeedsSampler>(options.eta, options.sNoise, std::vector{0.5, 1.0}, StageRule::Midpoint);
}

std::unique_ptr<SamplerBase> makeSeeds3Sampler(const SamplerOptions& options) {
  return std::make_unique<SeedsSampler>(options.eta, options.sNoise, std::vector{1.0 / 3, 2.0 / 3, 1.0},
                                        StageRule::Exact);
}

std::unique_ptr<SamplerBase> makeExpHeunSampler(const SamplerOptions&) {
  return std::make_unique<SeedsSampler>(0, 1, std::vector{1.0, 1.0}, StageRule::Exact);
}

std::unique_ptr<SamplerBase> makeExpHeunSdeSampler(const SamplerOptions& options) {
  return std::make_unique<SeedsSampler>(options.eta, options.sNoise, std::vector{1.0, 1.0}, StageRule::Exact);
}

}  // namespace studio::engine
