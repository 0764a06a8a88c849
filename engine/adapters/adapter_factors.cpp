#include "engine/adapters/adapter_factors.h"

namespace studio::engine {

std::optional<double> AdapterFactors::number(Factor factor) const {
  const at::Tensor tensor = find(factor);
  if (!tensor.defined() || tensor.numel() != 1) return std::nullopt;
  return tensor.item<double>();
}

double AdapterFactors::scale(std::int64_t rank) const {
  const double alpha = number(Factor::Alpha).value_or(0);
  return alpha > 0 && rank > 0 ? alpha / static_cast<double>(rank) : 1.0;
}

}  // namespace studio::engine
