#include "engine/sampling/samplers/churn.h"

#include "engine/sampling/samplers/arithmetic.h"

#include <numbers>

namespace studio::engine {

double churn(SamplerState& state, const SamplerOptions& options, std::span<const float> sigmas) {
  const double sigma = sigmas[state.step];
  if (options.sChurn <= 0) return sigma;
  const at::Tensor noise = drawNoise(state);  // also where it is not used, as other programs do
  if (sigma < options.sTmin || sigma > options.sTmax) return sigma;
  const double steps = static_cast<double>(sigmas.size()) - 1;
  const double raised = sigma * (1 + std::min(options.sChurn / steps, std::numbers::sqrt2 - 1));
  state.x = state.x + noise * (options.sNoise * std::sqrt(raised * raised - sigma * sigma));
  return raised;
}

}  // namespace studio::engine
