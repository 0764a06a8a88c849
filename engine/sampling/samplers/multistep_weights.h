#pragma once

#include <span>
#include <vector>

/// Weights of the slopes at sigmas[from] and at the order − 1 sigmas before it, newest first, for the way from
/// sigmas[from] to sigmas[from + 1].
namespace studio::engine {

/// Adams-Bashforth of orders 1 to 4 with the coefficients of even steps, whatever the steps are.
std::vector<double> evenWeights(std::span<const float> sigmas, int from, int order);

/// Adams-Bashforth on uneven steps: the integral of the polynomial in sigma that runs through the slopes.
std::vector<double> adamsBashforthWeights(std::span<const float> sigmas, int from, int order);

/// The same with a polynomial in the time of the VP process with linear beta(t) (Song et al. 2021), the one that Karras
/// et al. 2022 (table 1) fit to sigmas from 0.002 to 80.
std::vector<double> vpTimeWeights(std::span<const float> sigmas, int from, int order);

/// Uneven steps in Newton's form, orders 1 to 4, as Zhou et al. 2024 ("Fast ODE-based Sampling for Diffusion Models in
/// Around 5 Steps") published it: the third difference is not quite Adams-Bashforth's.
std::vector<double> newtonWeights(std::span<const float> sigmas, int from, int order);

/// The slope moved on by its change since the last one: gamma of Permenter and Yuan 2024 is 2. Orders 1 and 2.
std::vector<double> gradientEstimationWeights(std::span<const float> sigmas, int from, int order);

}  // namespace studio::engine
