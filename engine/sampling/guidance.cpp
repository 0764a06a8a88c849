#include "engine/sampling/guidance.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/chunk.h>

#include <utility>

namespace studio::engine {

bool usesNegativePrompt(double guidanceScale) { return guidanceScale != 1; }

Network guided(Network network, double guidanceScale) {
  if (!usesNegativePrompt(guidanceScale)) return network;
  return [network = std::move(network), guidanceScale](const at::Tensor& x, const at::Tensor& timesteps) {
    const at::Tensor both = network(at::cat({x, x}), at::cat({timesteps, timesteps})).to(at::kFloat);  // [2B, C, h, w]
    const std::vector<at::Tensor> halves = both.chunk(2);
    const at::Tensor &prompt = halves[0], &negative = halves[1];
    return negative + (prompt - negative) * guidanceScale;
  };
}

}  // namespace studio::engine
