#pragma once

#include "engine/sampling/sampler_options.h"
#include "engine/sampling/sampler_state.h"

#include <span>

namespace studio::engine {

/// The noise that Karras et al. 2022 (algorithm 2) add before a step of a deterministic method. Raises state.x from
/// sigmas[state.step] to the sigma it answers with; without churn nothing changes and nothing is drawn.
double churn(SamplerState& state, const SamplerOptions& options, std::span<const float> sigmas);

}  // namespace studio::engine
