#pragma once

#include "engine/weights/tensor_source.h"
#include "engine/weights/weight_table.h"

#include <cstdint>
#include <map>

namespace studio::engine {

/// Seeded random weights of a network's true shapes, for benchmarks and tests without a file. Scaled so that
/// activations keep a usual size: weights uniform within ±sqrt(3 / fan-in), norms near 1, biases near 0.
class RandomTensorSource final : public TensorSource {
 public:
  RandomTensorSource(const WeightTable& table, std::uint64_t seed);

  const std::vector<std::int64_t>* shapeOf(const std::string& name) const override;
  at::Tensor load(const std::string& name) const override;
  std::vector<std::string> names() const override;

 private:
  struct Recipe {
    std::vector<std::int64_t> shape;
    double mean = 0, spread = 0;
    std::uint64_t seed = 0;
  };
  std::map<std::string, Recipe> recipes_;
};

}  // namespace studio::engine
