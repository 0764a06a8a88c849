#include "engine/weights/pickle_tensors.h"

#include "engine/api/engine_error.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>

namespace studio::engine {
namespace {

constexpr int kDeepest = 64;
constexpr std::size_t kMostPickledTensors = 200'000;
constexpr std::size_t kLongestKey = 2'000;
constexpr std::size_t kMostMetadata = 1'000;
// Values visited while names are given: dictionaries that contain themselves many times over end here.
constexpr std::size_t kMostVisits = 2'000'000;

[[noreturn]] void refuseTensor(const std::string& message, const std::string& name) {
  throw EngineException(ErrorKind::BadFile, message, name.substr(0, 200));
}

bool isTrainingState(std::string_view name) {
  static constexpr std::array<std::string_view, 9> kNames{
      "optimizer_states", "optimizer", "optimizers",      "lr_schedulers",   "lr_scheduler",
      "callbacks",        "loops",     "hparams_initial", "hyper_parameters"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

/// Product of the sides; throws when it leaves 64 bits or a side is negative.
std::int64_t elementsOfShape(const PickleTensor& tensor, const std::string& name) {
  std::int64_t product = 1;
  for (const std::int64_t side : tensor.shape) {
    if (side < 0 || __builtin_mul_overflow(product, std::max<std::int64_t>(side, 1), &product))
      refuseTensor("A tensor's shape in the file is impossible.", name);
  }
  return std::find(tensor.shape.begin(), tensor.shape.end(), 0) == tensor.shape.end() ? product : 0;
}

void checkView(const PickleTensor& tensor, const std::string& name) {
  if (tensor.shape.size() != tensor.strides.size() || tensor.offset < 0 || tensor.storage.elements < 0)
    refuseTensor("The file describes a tensor incompletely.", name);
  const std::int64_t elements = elementsOfShape(tensor, name);
  std::int64_t last = tensor.offset;
  for (std::size_t i = 0; elements > 0 && i < tensor.shape.size(); ++i) {
    std::int64_t step = 0;
    if (tensor.strides[i] < 0 || __builtin_mul_overflow(tensor.shape[i] - 1, tensor.strides[i], &step) ||
        __builtin_add_overflow(last, step, &last))
      refuseTensor("A tensor's shape in the file is impossible.", name);
  }
  // A view may repeat elements, but what it expands to is allocated and must stay in proportion to the file.
  if (elements > 0 && (last >= tensor.storage.elements || elements > tensor.storage.elements))
    refuseTensor("A tensor lies outside the numbers stored for it.", name);
  std::int64_t bytes = 0;
  if (__builtin_mul_overflow(tensor.storage.elements, std::int64_t{8}, &bytes))
    refuseTensor("A tensor's shape in the file is impossible.", name);
}

/// Inner dictionaries of whole modules that are no part of a parameter's name.
bool isModuleMember(std::string_view name) { return name == "_parameters" || name == "_buffers" || name == "_modules"; }

class Collector {
 public:
  explicit Collector(const PickleDocument& document) : document_(document) {}

  PickledTensors run() {
    const PickleIndex root = unwrapped(document_.root);
    readMetadata(document_.root);
    walk(root, "", 0);
    return std::move(found_);
  }

 private:
  bool holdsTensors(PickleIndex index) const {
    const auto* dict = document_.as<PickleDict>(index);
    if (dict == nullptr) return false;
    return std::any_of(dict->items.begin(), dict->items.end(),
                       [this](const auto& item) { return document_.as<PickleTensor>(item.second) != nullptr; });
  }

  /// The dictionary of weights inside what trainers put around it.
  PickleIndex unwrapped(PickleIndex index) const {
    for (int depth = 0; depth < 4 && !holdsTensors(index); ++depth) {
      bool inner = false;
      for (const char* name : {"state_dict", "params_ema", "params", "model_state_dict", "model", "module"}) {
        const auto wrapped = document_.find(index, name);
        if (!wrapped || document_.as<PickleDict>(*wrapped) == nullptr) continue;
        index = *wrapped;
        inner = true;
        break;
      }
      if (!inner) break;
    }
    return index;
  }

  void readMetadata(PickleIndex root) {
    const auto* dict = document_.as<PickleDict>(root);
    if (dict == nullptr) return;
    for (const auto& [key, value] : dict->items) {
      const auto* name = document_.as<std::string>(key);
      if (name == nullptr || name->size() > kLongestKey || found_.metadata.size() >= kMostMetadata) continue;
      if (const auto* text = document_.as<std::string>(value)) found_.metadata[*name] = *text;
      if (const auto* number = document_.as<std::int64_t>(value)) found_.metadata[*name] = std::to_string(*number);
    }
  }

  std::string nameOf(PickleIndex key) const {
    if (const auto* text = document_.as<std::string>(key)) return *text;
    if (const auto* number = document_.as<std::int64_t>(key)) return std::to_string(*number);
    return {};
  }

  void addTensor(const PickleTensor& tensor, const std::string& name) {
    if (!tensor.storage.type) return;
    if (found_.tensors.size() >= kMostPickledTensors || name.size() > kLongestKey)
      refuseTensor("The file lists too many tensors.", name);
    checkView(tensor, name);
    found_.tensors.insert_or_assign(name.empty() ? "tensor" : name, tensor);
  }

  void walk(PickleIndex index, const std::string& name, int depth) {
    if (++visits_ > kMostVisits) refuseTensor("The file's list of tensors is too long.", name);
    if (depth > kDeepest) return;
    if (const auto* tensor = document_.as<PickleTensor>(index)) return addTensor(*tensor, name);
    if (const auto* object = document_.as<PickleObject>(index)) {
      if (object->state) walk(*object->state, name, depth + 1);
      return;
    }
    if (const auto* list = document_.as<PickleList>(index)) return walkList(*list, name, depth);
    const auto* dict = document_.as<PickleDict>(index);
    if (dict == nullptr || name.size() > kLongestKey) return;
    for (const auto& [key, value] : dict->items) {
      const std::string part = nameOf(key);
      if (part.empty() || (depth == 0 && isTrainingState(part))) continue;
      walk(value, isModuleMember(part) ? name : name.empty() ? part : name + "." + part, depth + 1);
    }
  }

  /// Hypernetworks keep the weights of their networks in pairs; other lists are no weights.
  void walkList(const PickleList& list, const std::string& name, int depth) {
    for (std::size_t i = 0; i < list.items.size() && name.size() <= kLongestKey; ++i) {
      if (++visits_ > kMostVisits) refuseTensor("The file's list of tensors is too long.", name);
      if (document_.as<PickleDict>(list.items[i]) == nullptr) continue;
      walk(list.items[i], name.empty() ? std::to_string(i) : name + "." + std::to_string(i), depth + 1);
    }
  }

  const PickleDocument& document_;
  PickledTensors found_;
  std::size_t visits_ = 0;
};

}  // namespace

PickledTensors collectTensors(const PickleDocument& document) { return Collector(document).run(); }

std::int64_t extentOf(const PickleTensor& tensor) {
  std::int64_t last = 0;
  for (std::size_t i = 0; i < tensor.shape.size(); ++i) {
    if (tensor.shape[i] == 0) return 0;
    last += (tensor.shape[i] - 1) * tensor.strides[i];
  }
  return last + 1;
}

bool isContiguous(const PickleTensor& tensor) {
  std::int64_t step = 1;
  for (std::size_t i = tensor.shape.size(); i-- > 0;) {
    if (tensor.shape[i] != 1 && tensor.strides[i] != step) return false;
    step *= tensor.shape[i];
  }
  return true;
}

}  // namespace studio::engine
