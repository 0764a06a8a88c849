#pragma once

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/ops/randn.h>

#include <cstdint>

namespace studio::tests {

/// Standard normal numbers, fp32: the same in every run.
inline at::Tensor seededRandom(at::IntArrayRef sizes, std::uint64_t seed = 7) {
  return at::randn(sizes, at::detail::createCPUGenerator(seed), at::kFloat);
}

}  // namespace studio::tests
