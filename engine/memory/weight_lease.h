#pragma once

#include "engine/ops/weights.h"
#include "engine/weights/weight_table.h"

#include <memory>
#include <variant>
#include <vector>

namespace studio::engine {

using PlacedWeight = std::variant<ops::Conv2dWeights, ops::LinearWeights, ops::NormWeights, ops::EmbeddingWeights>;

/// The weights of one block in the form the operators want, on the device.
struct PlacedBlock {
  int first = 0;  ///< number of the first entry in the network's table
  std::vector<PlacedWeight> weights;
  std::int64_t bytes = 0;
  std::vector<std::size_t> expanded;  ///< places of weights that are empty here, and made for each lease
  std::vector<std::size_t> stale;     ///< places of weights that are empty until the block is acquired again
};

/// The right to use one block's weights, for the scope of one BlockRunner::run. Neither copied nor kept:
/// asking for a weight of another block is an assertion.
class WeightLease {
 public:
  explicit WeightLease(std::shared_ptr<const PlacedBlock> block) : block_(std::move(block)) {}
  WeightLease(const WeightLease&) = delete;
  WeightLease& operator=(const WeightLease&) = delete;

  const ops::Conv2dWeights& operator[](ConvRef ref) const { return get<ops::Conv2dWeights>(ref.index); }
  const ops::LinearWeights& operator[](LinearRef ref) const { return get<ops::LinearWeights>(ref.index); }
  const ops::NormWeights& operator[](NormRef ref) const { return get<ops::NormWeights>(ref.index); }
  const ops::EmbeddingWeights& operator[](EmbeddingRef ref) const { return get<ops::EmbeddingWeights>(ref.index); }

 private:
  template <class Weights>
  const Weights& get(int index) const {
    const auto place = static_cast<std::size_t>(index - block_->first);
    TORCH_INTERNAL_ASSERT(index >= block_->first && place < block_->weights.size(), "weight ", index,
                          " is not in the leased block");
    return std::get<Weights>(block_->weights[place]);
  }
  std::shared_ptr<const PlacedBlock> block_;
};

}  // namespace studio::engine
