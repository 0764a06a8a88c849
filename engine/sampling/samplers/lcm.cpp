#include "engine/sampling/samplers/arithmetic.h"
#include "engine/sampling/samplers/factories.h"

namespace studio::engine {
namespace {

/// Multistep sampling of a latent consistency model (Song et al. 2023, "Consistency Models", algorithm 1; Luo et al.
/// 2023, "Latent Consistency Models", algorithm 3): jump to the picture, then add fresh noise of the next strength. The
/// boundary weights c_skip and c_out are left out: they differ from 0 and 1 by less than 1e-5 above timestep 15.
class LcmSampler final : public SamplerBase {
 public:
  explicit LcmSampler(const SamplerOptions& options) : options_(options) {}

  void step(SamplerState& state, const DenoiseFunction& denoise, std::span<const float> sigmas) const override {
    const double next = sigmas[state.step + 1];
    state.x = denoise(state.x, sigmas[state.step]).denoised;
    if (next > 0) state.x = state.x + drawNoise(state) * (next * options_.sNoise);
  }

 private:
  SamplerOptions options_;
};

}  // namespace

std::unique_ptr<SamplerBase> makeLcmSampler(const SamplerOptions& options) {
  return std::make_unique<LcmSampler>(options);
}

}  // namespace studio::engine
