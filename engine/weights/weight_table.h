#pragma once

#include "engine/ops/weights.h"
#include "engine/weights/tensor_source.h"

#include <cstdint>
#include <string>
#include <vector>

namespace studio::engine {

/// A network's handles to its weights. A module holds these and never a tensor; a WeightLease turns them into weights.
struct ConvRef {
  int index = -1;
};
struct LinearRef {
  int index = -1;
};
struct NormRef {
  int index = -1;
};
struct EmbeddingRef {
  int index = -1;
};

enum class WeightRole { Conv, Linear, Norm, Embedding };

/// One weight (with its bias) of a network: what it is for and what shape it must have.
struct WeightEntry {
  WeightRole role = WeightRole::Linear;
  std::string name;                 ///< canonical, without ".weight"
  std::vector<std::int64_t> shape;  ///< of ".weight"; a linear layer may be stored as a 1×1 convolution too
  bool bias = true;
  ops::Conv2dShape conv;
  std::int64_t groups = 1;
  double epsilon = 1e-5;
};

/// A run of entries that is leased, placed and streamed as one.
struct WeightBlock {
  std::string name;
  int first = 0;
  int count = 0;
};

/// All the weights of one network in the order of its blocks; built once by the network's constructor.
class WeightTable {
 public:
  /// Starts the next block; returns its number.
  int beginBlock(std::string name);

  ConvRef conv(std::string name, ops::Conv2dShape shape, bool bias = true);
  LinearRef linear(std::string name, std::int64_t in, std::int64_t out, bool bias = true);
  NormRef norm(std::string name, std::int64_t width, std::int64_t groups = 1, double epsilon = 1e-5);
  EmbeddingRef embedding(std::string name, std::int64_t rows, std::int64_t width);

  const std::vector<WeightEntry>& entries() const { return entries_; }
  const std::vector<WeightBlock>& blocks() const { return blocks_; }
  std::int64_t parameters() const;

  /// Throws EngineException(BadFile) naming the first tensor that is missing or has another shape than this network
  /// needs.
  void check(const TensorSource& source, const std::string& networkName) const;

 private:
  int add(WeightEntry entry);
  std::vector<WeightEntry> entries_;
  std::vector<WeightBlock> blocks_;
};

}  // namespace studio::engine
