#pragma once

#include "engine/weights/pickle_value.h"

#include <map>
#include <string>

namespace studio::engine {

/// The tensors of a document under the names a state_dict would give them, and its top-level texts and numbers.
/// Wrappers ("state_dict", "params_ema", …) are taken off, nested dictionaries and whole modules become dotted names
/// ("string_to_param.*"), training states are left out.
struct PickledTensors {
  std::map<std::string, PickleTensor> tensors;
  std::map<std::string, std::string> metadata;
};

/// Every tensor given out lies inside its storage, has no negative side or stride and a known number format.
/// Throws EngineException(BadFile).
PickledTensors collectTensors(const PickleDocument& document);

/// Elements from a tensor's first to behind its last in the storage; 0 for an empty one.
std::int64_t extentOf(const PickleTensor& tensor);
/// True when the elements lie one after another in row-major order.
bool isContiguous(const PickleTensor& tensor);

}  // namespace studio::engine
