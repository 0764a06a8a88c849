#pragma once

#include "engine/weights/tensor_info.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace studio::engine {

/// Number of a value in its PickleDocument. Values refer to each other by number, so that loops and deep nesting in a
/// hostile file cost nothing; whoever walks a document limits the depth.
using PickleIndex = std::uint32_t;

/// A list, tuple or set.
struct PickleList {
  std::vector<PickleIndex> items;
};

/// Keys and values in the file's order; a key may occur again, the last one counts.
struct PickleDict {
  std::vector<std::pair<PickleIndex, PickleIndex>> items;
};

/// The name of a class or function. Nothing is ever looked up or called.
struct PickleGlobal {
  std::string module, name;
};

/// What a strange class or function would have been called with: kept, inert.
struct PickleObject {
  PickleIndex callable = 0;
  PickleIndex arguments = 0;
  std::optional<PickleIndex> state;
};

/// A run of numbers outside the pickle.
struct PickleStorage {
  std::string key;
  std::optional<ElementType> type;  ///< none: a type that this program does not know
  std::int64_t elements = 0;
  std::int64_t start = 0;  ///< elements to skip (views in files of the first versions)
};

/// A view of a storage; unchecked, as the file says.
struct PickleTensor {
  PickleStorage storage;
  std::int64_t offset = 0;  ///< elements
  std::vector<std::int64_t> shape, strides;
};

/// None is std::monostate; text and bytes are both std::string; integers beyond 64 bits saturate.
using PickleValue = std::variant<std::monostate, bool, std::int64_t, double, std::string, PickleList, PickleDict,
                                 PickleGlobal, PickleObject, PickleStorage, PickleTensor>;

/// Everything one pickle made.
struct PickleDocument {
  std::vector<PickleValue> values;
  PickleIndex root = 0;

  const PickleValue& at(PickleIndex index) const { return values.at(index); }
  /// Null when the value is of another kind.
  template <class Kind>
  const Kind* as(PickleIndex index) const {
    return std::get_if<Kind>(&values.at(index));
  }
  /// The value under a text key of a dictionary; nothing when `dict` is no dictionary or has no such key.
  std::optional<PickleIndex> find(PickleIndex dict, std::string_view key) const;
};

}  // namespace studio::engine
