#include "engine/sampling/samplers/arithmetic.h"
#include "engine/sampling/samplers/factories.h"

namespace studio::engine {
namespace {

/// DDIM, deterministic (Song et al. 2021, "Denoising Diffusion Implicit Models", equation 12 with eta 0): predicted
/// picture plus the predicted noise at its next strength. Divided by sqrt(alpha bar) the paper's terms become sigmas
/// (section 4.3, equation 13).
class DdimSampler final : public SamplerBase {
 public:
  void step(SamplerState& state, const DenoiseFunction& denoise, std::span<const float> sigmas) const override {
    const float sigma = sigmas[state.step], next = sigmas[state.step + 1];
    const at::Tensor denoised = denoise(state.x, sigma);
    const at::Tensor noise = (state.x - denoised) / sigma;
    state.x = denoised + noise * next;
  }
};

}  // namespace

std::unique_ptr<SamplerBase> makeDdimSampler() { return std::make_unique<DdimSampler>(); }

}  // namespace studio::engine
