#pragma once

#include "engine/sampling/samplers.h"

#include <functional>
#include <span>
#include <stop_token>

namespace studio::engine {

/// Called after each step with the new state (state.step counts it) and the step's first estimate of the finished
/// latent, for progress, previews and checkpoints. May throw to end the run.            // denoised: [B, C, h, w] fp32
using StepCallback = std::function<void(const SamplerState& state, const at::Tensor& denoised)>;

/// The one loop: from state.step until the sampler says that no step is left; afterwards state.x is the finished
/// latent. When a step throws (out of memory, Cancelled, …) the state from before that step is put back before the
/// exception goes on, so that the caller may try again or save it. `stop` is looked at before every step and throws
/// Cancelled. A latent that is not finite is NotFinite, which names the step.
void runSampler(const SamplerBase& sampler, SamplerState& state, const DenoiseFunction& denoise,
                std::span<const float> sigmas, const std::stop_token& stop, const StepCallback& onStep = {});

/// Network calls that are left; what progress and estimates are measured in.
int networkCallsLeft(const SamplerBase& sampler, const SamplerState& state, std::span<const float> sigmas);

}  // namespace studio::engine
