#include "engine/sampling/samplers/reverse_sde.h"

#include "engine/sampling/brownian_path.h"
#include "engine/sampling/samplers/arithmetic.h"

#include <ATen/ops/stack.h>

#include <vector>

namespace studio::engine {

ReverseSdeStep::ReverseSdeStep(double sigma, double next, double eta) : h(std::log(sigma / next)) {
  const double both = h * (1 + eta);
  keep = next / sigma * std::exp(-h * eta);
  phi1 = -std::expm1(-both);
  phi2 = std::expm1(-both) / both + 1;
  phi3 = phi2 / both - 0.5;
  noise = next * std::sqrt(-std::expm1(-2 * h * eta));
}

at::Tensor stepNoise(SamplerState& state, const SamplerOptions& options, std::span<const float> sigmas, double from,
                     double to) {
  const double low = sigmas.back() > 0 ? sigmas.back() : sigmas[sigmas.size() - 2];
  if (!options.brownian || low >= sigmas.front()) return drawNoise(state);
  const auto stretch = [&](std::uint64_t seed, at::IntArrayRef shape) {
    const BrownianPath path(seed - options.brownianSeedDelta, shape, low, sigmas.front(), options.brownianNoise);
    // The path runs up in sigma and the step down: the sign turns.
    return path.increment(to, from) * (-1 / std::sqrt(from - to));
  };
  const std::vector<std::uint64_t>& seeds = state.noise.seeds();
  if (options.brownianNoise.ofBatch) return stretch(seeds.front(), state.x.sizes()).to(state.x.device());
  std::vector<at::Tensor> stretches;
  for (const std::uint64_t seed : seeds) stretches.push_back(stretch(seed, state.x.sizes().slice(1)));
  return at::stack(stretches).to(state.x.device());
}

}  // namespace studio::engine
