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
  std::vector<at::Tensor> stretches;
  for (const std::uint64_t seed : state.noise.seeds()) {
    // The path runs up in sigma and the step down: the sign turns.
    stretches.push_back(
        BrownianPath(seed, state.x.sizes().slice(1), low, sigmas.front(), options.brownianNoise).increment(to, from) *
        (-1 / std::sqrt(from - to)));
  }
  return at::stack(stretches).to(state.x.device());
}

}  // namespace studio::engine
