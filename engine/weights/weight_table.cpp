#include "engine/weights/weight_table.h"

#include "engine/api/engine_error.h"

#include <sstream>
#include <utility>

namespace studio::engine {
namespace {

std::string shapeText(const std::vector<std::int64_t>& shape) {
  std::ostringstream text;
  for (std::size_t i = 0; i < shape.size(); ++i) text << (i == 0 ? "[" : ", ") << shape[i];
  text << "]";
  return text.str();
}

std::vector<std::int64_t> withoutOnes(std::vector<std::int64_t> shape) {
  std::erase(shape, 1);
  return shape;
}

/// Writers differ in sides of one: a linear layer may be stored as a 1×1 convolution, a 1×1 convolution squeezed.
bool fits(const WeightEntry& entry, const std::vector<std::int64_t>& shape) {
  return shape == entry.shape || withoutOnes(shape) == withoutOnes(entry.shape);
}

void checkTensor(const TensorSource& source, const WeightEntry& entry, const std::string& tensor,
                 const std::string& networkName) {
  const std::vector<std::int64_t>* shape = source.shapeOf(tensor);
  const bool isBias = tensor.ends_with(".bias");
  if (shape == nullptr) {
    throw EngineException(ErrorKind::BadFile,
                          sentence("The file's %1 is incomplete: a tensor is missing.", networkName), tensor);
  }
  if (isBias ? *shape == std::vector<std::int64_t>{entry.shape.front()} : fits(entry, *shape)) return;
  throw EngineException(ErrorKind::BadFile,
                        sentence("The file's %1 does not fit together: a tensor has an unexpected shape.", networkName),
                        tensor + " is " + shapeText(*shape) + ", expected " +
                            shapeText(isBias ? std::vector<std::int64_t>{entry.shape.front()} : entry.shape));
}

}  // namespace

int WeightTable::beginBlock(std::string name) {
  blocks_.push_back({std::move(name), static_cast<int>(entries_.size()), 0});
  return static_cast<int>(blocks_.size()) - 1;
}

int WeightTable::add(WeightEntry entry) {
  entries_.push_back(std::move(entry));
  ++blocks_.back().count;
  return static_cast<int>(entries_.size()) - 1;
}

ConvRef WeightTable::conv(std::string name, ops::Conv2dShape shape, bool bias) {
  WeightEntry entry{WeightRole::Conv, std::move(name), {shape.out, shape.in, shape.kernel, shape.kernel}, bias, shape};
  return {add(std::move(entry))};
}

LinearRef WeightTable::linear(std::string name, std::int64_t in, std::int64_t out, bool bias) {
  return {add(WeightEntry{WeightRole::Linear, std::move(name), {out, in}, bias, {}})};
}

NormRef WeightTable::norm(std::string name, std::int64_t width, std::int64_t groups, double epsilon) {
  return {add(WeightEntry{WeightRole::Norm, std::move(name), {width}, true, {}, groups, epsilon})};
}

EmbeddingRef WeightTable::embedding(std::string name, std::int64_t rows, std::int64_t width) {
  return {add(WeightEntry{WeightRole::Embedding, std::move(name), {rows, width}, false, {}})};
}

std::int64_t WeightTable::parameters() const {
  std::int64_t count = 0;
  for (const WeightEntry& entry : entries_) {
    std::int64_t size = 1;
    for (const std::int64_t side : entry.shape) size *= side;
    count += size + (entry.bias ? entry.shape.front() : 0);
  }
  return count;
}

void WeightTable::check(const TensorSource& source, const std::string& networkName) const {
  for (const WeightEntry& entry : entries_) {
    checkTensor(source, entry, entry.name + ".weight", networkName);
    if (entry.bias) checkTensor(source, entry, entry.name + ".bias", networkName);
  }
}

}  // namespace studio::engine
