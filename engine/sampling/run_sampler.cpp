#include "engine/sampling/run_sampler.h"

#include "engine/api/cancelled.h"
#include "engine/api/engine_error.h"

#include <ATen/ops/isfinite.h>

#include <string>

namespace studio::engine {
namespace {

void requireFinite(const SamplerState& state, std::span<const float> sigmas) {
  if (at::isfinite(state.x).all().item<bool>()) return;
  throw EngineException(
      ErrorKind::Device,
      sentence(
          "The picture turned into numbers that are not finite at step %1; precision fp32 or another model may help.",
          state.step + 1),
      "sigma " + std::to_string(sigmas[state.step]));
}

/// One step; answers with the step's first estimate of the finished latent.
at::Tensor takeStep(const SamplerBase& sampler, SamplerState& state, const DenoiseFunction& denoise,
                    std::span<const float> sigmas) {
  at::Tensor firstEstimate;
  const DenoiseFunction remembering = [&](const at::Tensor& x, float sigma) {
    const at::Tensor denoised = denoise(x, sigma);
    if (!firstEstimate.defined()) firstEstimate = denoised;
    return denoised;
  };
  const SamplerState before = state;
  try {
    sampler.step(state, remembering, sigmas);
    requireFinite(state, sigmas);
  } catch (...) {
    state = before;
    throw;
  }
  ++state.step;
  return firstEstimate;
}

}  // namespace

void runSampler(const SamplerBase& sampler, SamplerState& state, const DenoiseFunction& denoise,
                std::span<const float> sigmas, const std::stop_token& stop, const StepCallback& onStep) {
  const int steps = static_cast<int>(sigmas.size()) - 1;
  while (state.step < steps) {
    throwIfStopped(stop);
    const at::Tensor denoised = takeStep(sampler, state, denoise, sigmas);
    if (onStep) onStep(state, denoised);
  }
}

int networkCallsFrom(const SamplerBase& sampler, int step, std::span<const float> sigmas) {
  int calls = 0;
  for (int i = step; i + 1 < static_cast<int>(sigmas.size()); ++i) calls += sampler.networkCalls(i, sigmas);
  return calls;
}

}  // namespace studio::engine
