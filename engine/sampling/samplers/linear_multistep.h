#pragma once

#include "engine/sampling/sampler_state.h"

#include <array>
#include <functional>
#include <span>
#include <vector>

namespace studio::engine {

/// Weights of the slopes at `from` and the order − 1 sigmas before it (newest first) for the way from sigmas[from] to
/// sigmas[from + 1]: the integral over sigma of the polynomial that runs through them as a function of `coordinate`.
/// With sigma itself as coordinate this is the Adams-Bashforth method on uneven steps.
std::vector<double> multistepWeights(std::span<const float> sigmas, int from, int order,
                                     const std::function<double(double sigma)>& coordinate);

/// Coefficients of Adams-Bashforth on even steps, orders 1 to 4, newest slope first.
inline constexpr std::array<std::array<double, 4>, 4> kAdamsBashforth{{
    {1, 0, 0, 0},
    {3.0 / 2, -1.0 / 2, 0, 0},
    {23.0 / 12, -16.0 / 12, 5.0 / 12, 0},
    {55.0 / 24, -59.0 / 24, 37.0 / 24, -9.0 / 24},
}};

/// Puts the slope at the front of the history, which keeps `most`.
void rememberSlope(SamplerState& state, const at::Tensor& slope, int most);

/// The sum of weighted slopes of the history, newest first; there are as many as weights.
at::Tensor weightedSlopes(const SamplerState& state, std::span<const double> weights);

}  // namespace studio::engine
