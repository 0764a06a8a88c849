// LoRA (Hu et al. 2022, section 4.1) and its convolutions, LoCon, with an optional Tucker core
// (Yeh et al. 2024, "Navigating Text-To-Image Customization", section 3).
#include "engine/adapters/adapter_algorithm.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/einsum.h>
#include <ATen/ops/matmul.h>

#include <algorithm>

namespace studio::engine {
namespace {

/// down [r, in, …], up [out, r, …], mid [r, r, k, k].
std::optional<AdapterExtent> lowRankExtent(const FactorShapes& shapes) {
  const Shape *down = shapes.find(Factor::Down), *up = shapes.find(Factor::Up), *mid = shapes.find(Factor::Mid);
  if (down == nullptr || up == nullptr || down->size() < 2 || up->size() < 2) return std::nullopt;
  const std::int64_t rank = down->front(), inputs = columnsOf(*down);
  if (rank < 1 || inputs < 1 || up->front() < 1 || columnsOf(*up) != rank) return std::nullopt;
  if (mid == nullptr) return AdapterExtent{rank, up->front(), inputs};
  if (mid->size() != 4 || (*mid)[0] != rank || (*mid)[1] != rank || inputs != (*down)[1]) return std::nullopt;
  const std::int64_t kernel = (*mid)[2] * (*mid)[3];
  if ((*mid)[2] < 1 || (*mid)[2] > 64 || (*mid)[3] < 1 || (*mid)[3] > 64) return std::nullopt;
  return AdapterExtent{rank, up->front(), inputs * kernel};
}

at::Tensor lowRankDelta(const at::Tensor& base, const AdapterFactors& factors, double strength) {
  at::Tensor down = factors.at(Factor::Down), up = factors.at(Factor::Up);
  const std::int64_t rank = down.size(0);
  down = down.reshape({rank, -1});
  up = up.reshape({-1, rank});
  const double scale = factors.scale(rank) * strength;
  if (factors.has(Factor::Mid))
    return (at::einsum("or,rskl,si->oikl", {up, factors.at(Factor::Mid), down}) * scale).reshape(base.sizes());
  const std::int64_t used = factors.dynamicRank > 0 ? std::min(rank, factors.dynamicRank) : rank;
  return (at::matmul(up.narrow(1, 0, used), down.narrow(0, 0, used)) * scale).reshape(base.sizes());
}

/// One matrix product that adds.
bool addLowRank(const at::Tensor& base, const AdapterFactors& factors, double strength) {
  if (factors.has(Factor::Mid)) return false;
  const std::int64_t rank = factors.at(Factor::Down).size(0);
  const std::int64_t used = factors.dynamicRank > 0 ? std::min(rank, factors.dynamicRank) : rank;
  const at::Tensor down = factors.at(Factor::Down).reshape({rank, -1}).narrow(0, 0, used);
  const at::Tensor up = factors.at(Factor::Up).reshape({-1, rank}).narrow(1, 0, used);
  base.view({base.size(0), -1}).addmm_(up, down, 1, factors.scale(rank) * strength);
  return true;
}

}  // namespace

const AdapterAlgorithm kLowRank{"lora", "LoRA", lowRankExtent, lowRankDelta, addLowRank};

}  // namespace studio::engine
