#include "engine/sampling/run_sampler.h"

#include "engine/api/cancelled.h"
#include "engine/sampling/not_finite.h"

#include <ATen/ops/isfinite.h>

#include <string>

namespace studio::engine {
namespace {

void requireFinite(const SamplerState& state) {
  if (at::isfinite(state.x).all().item<bool>()) return;
  throw NotFinite(
      ErrorKind::Device,
      sentence(
          "The picture turned into numbers that are not finite at step %1; precision fp32 or another model may help.",
          state.step + 1),
      {});
}

/// One step; answers with the step's first estimate of the finished latent.
at::Tensor takeStep(const SamplerBase& sampler, SamplerState& state, const DenoiseFunction& denoise,
                    std::span<const float> sigmas) {
  at::Tensor firstEstimate;
  const DenoiseFunction remembering = [&](const at::Tensor& x, float sigma) {
    Estimate estimate = denoise(x, sigma);
    if (!firstEstimate.defined()) firstEstimate = estimate.denoised;
    return estimate;
  };
  const SamplerState before = state;
  try {
    sampler.step(state, remembering, sigmas);
    requireFinite(state);
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
  while (sampler.stepsLeft(state, sigmas) > 0) {
    throwIfStopped(stop);
    const at::Tensor denoised = takeStep(sampler, state, denoise, sigmas);
    if (onStep) onStep(state, denoised);
  }
}

int networkCallsLeft(const SamplerBase& sampler, const SamplerState& state, std::span<const float> sigmas) {
  int calls = 0;
  for (int left = sampler.stepsLeft(state, sigmas), i = 0; i < left; ++i) {
    calls += sampler.networkCalls(state.step + i, sigmas);
  }
  return calls;
}

}  // namespace studio::engine
