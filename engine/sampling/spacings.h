#pragma once

#include "engine/sampling/training_sigmas.h"

#include <vector>

/// The ways in which noise levels are spaced. Each answers with descending sigmas; those that end with 0 say so.
namespace studio::engine::spacings {

/// `count` evenly spaced numbers; a single one is `first`.
std::vector<double> evenly(double first, double last, int count);

/// Timesteps from the noisiest to 0; `withoutLast` leaves the 0 out, as networks distilled by SGM's rule expect.
std::vector<double> uniform(int steps, const TrainingSigmas& training, bool withoutLast);
/// Every so manieth sigma of the table, from the noisiest on.
std::vector<double> simple(int steps, const TrainingSigmas& training);
/// Every so manieth sigma of the table from the second on, noisiest first; may be a step more than asked for.
std::vector<double> ddimUniform(int steps, const TrainingSigmas& training);
/// Karras et al. 2022, equation 5, rho 7.
std::vector<double> karras(int steps, double smallest, double largest);
std::vector<double> exponential(int steps, double smallest, double largest);
/// Quantiles of the beta distribution (Lee et al. 2024, "Beta Sampling is All You Need"): laid linearly between two
/// sigmas, or as whole timesteps, each once.
std::vector<double> betaOfSigmas(int steps, double smallest, double largest);
std::vector<double> betaOfTimesteps(int steps, const TrainingSigmas& training);
/// Sabour et al. 2024, "Align Your Steps", theorem 3.1: even in the arctangent of sigma.
std::vector<double> klOptimal(int points, double smallest, double largest);
/// The published optima of Sabour et al. 2024 for SD 1.5 and SDXL, interpolated in log sigma to `points` values; exact
/// as ComfyUI has them or rounded as the paper's page and A1111 do.
std::vector<double> alignYourSteps(int points, bool sdxl, bool rounded);
/// Genmo 2024, "Mochi 1": half of the steps near the largest sigma, evenly, then quadratically to 0, which is included.
std::vector<double> linearQuadratic(int steps, double largest);
/// SD Turbo (Sauer et al. 2023): even whole timesteps from the noisiest; `tenths` takes the first of ten always.
std::vector<double> turbo(int steps, const TrainingSigmas& training, bool tenths);
/// Of LCM and TCD (Luo et al. 2023; Zheng et al. 2024): every so-manieth of the fifty timesteps 19, 39, …, 999, from
/// the noisiest; of more steps than fifty all.
std::vector<double> lcm(int steps, const TrainingSigmas& training);
/// diffusers' "leading" timesteps with an offset of 1: multiples of the stride. Its multistep solvers count one step
/// more and leave out 0.
std::vector<double> leading(int steps, const TrainingSigmas& training, bool multistep);

/// The timesteps on which A1111 walks DDIM and PLMS, one leg fewer than steps: down to timestep 1, not to sigma 0.
std::vector<double> a1111Timesteps(int steps, const TrainingSigmas& training);
/// Those on which it walks UniPC: even in time, with log alpha interpolated (Lu et al. 2022), down to timestep 0.
std::vector<double> a1111UniPc(int steps, const TrainingSigmas& training);

}  // namespace studio::engine::spacings
