#include "engine/weights/pickle_calls.h"

#include <array>
#include <bit>
#include <cstring>
#include <string_view>

namespace studio::engine {
namespace {

constexpr std::size_t kMostPickledSides = 8;

std::optional<ElementType> typeOfStorage(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, ElementType>, 11> kStorages{
      {{"FloatStorage", ElementType::F32},
       {"HalfStorage", ElementType::F16},
       {"BFloat16Storage", ElementType::BF16},
       {"DoubleStorage", ElementType::F64},
       {"LongStorage", ElementType::I64},
       {"IntStorage", ElementType::I32},
       {"ShortStorage", ElementType::I16},
       {"CharStorage", ElementType::I8},
       {"ByteStorage", ElementType::U8},
       {"BoolStorage", ElementType::Bool},
       {"UntypedStorage", ElementType::U8}}};
  for (const auto& [storage, type] : kStorages) {
    if (storage == name) return type;
  }
  return std::nullopt;
}

/// torch's names of number formats, as _rebuild_tensor_v3 is given them.
std::optional<ElementType> typeOfName(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, ElementType>, 8> kNames{
      {{"float8_e4m3fn", ElementType::F8E4M3},
       {"float8_e5m2", ElementType::F8E5M2},
       {"float32", ElementType::F32},
       {"float16", ElementType::F16},
       {"bfloat16", ElementType::BF16},
       {"float64", ElementType::F64},
       {"int64", ElementType::I64},
       {"uint8", ElementType::U8}}};
  for (const auto& [type, value] : kNames) {
    if (type == name) return value;
  }
  return std::nullopt;
}

std::optional<std::vector<std::int64_t>> sidesOf(const PickleDocument& document, PickleIndex index) {
  const auto* list = document.as<PickleList>(index);
  if (list == nullptr || list->items.size() > kMostPickledSides) return std::nullopt;
  std::vector<std::int64_t> sides;
  for (const PickleIndex item : list->items) {
    const auto* side = document.as<std::int64_t>(item);
    if (side == nullptr) return std::nullopt;
    sides.push_back(*side);
  }
  return sides;
}

/// (storage, offset, shape, strides, …); `typed`: the seventh argument is the number format and the storage bytes.
std::optional<PickleValue> rebuiltTensor(const PickleDocument& document, const PickleList& arguments, bool typed) {
  if (arguments.items.size() < (typed ? 7 : 4)) return std::nullopt;
  const auto* storage = document.as<PickleStorage>(arguments.items[0]);
  const auto* offset = document.as<std::int64_t>(arguments.items[1]);
  auto shape = sidesOf(document, arguments.items[2]), strides = sidesOf(document, arguments.items[3]);
  if (storage == nullptr || offset == nullptr || !shape || !strides) return std::nullopt;
  PickleTensor tensor{*storage, *offset, std::move(*shape), std::move(*strides)};
  if (typed) {
    const auto* type = document.as<PickleGlobal>(arguments.items[6]);
    tensor.storage.type = type == nullptr ? std::nullopt : typeOfName(type->name);
    if (tensor.storage.type) tensor.storage.elements /= elementBytes(*tensor.storage.type);
  }
  return tensor;
}

/// Text of code points below 256 as the bytes they stand for: how protocol 2 writes bytes.
std::optional<PickleValue> latinBytes(const std::string& text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto first = static_cast<unsigned char>(text[i]);
    if (first < 0x80) {
      bytes += text[i];
    } else if ((first == 0xC2 || first == 0xC3) && i + 1 < text.size()) {
      bytes += static_cast<char>((first & 3) << 6 | (static_cast<unsigned char>(text[++i]) & 0x3F));
    } else {
      return std::nullopt;
    }
  }
  return bytes;
}

template <class Number>
Number fromBytes(const std::string& bytes) {
  Number value{};
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

/// numpy's scalar(dtype, bytes) for the little-endian formats that counters and losses are kept in.
std::optional<PickleValue> numpyScalar(const PickleDocument& document, const PickleList& arguments) {
  if (arguments.items.size() != 2) return std::nullopt;
  const auto* type = document.as<PickleObject>(arguments.items[0]);
  const auto* bytes = document.as<std::string>(arguments.items[1]);
  const auto* names = type == nullptr ? nullptr : document.as<PickleList>(type->arguments);
  if (bytes == nullptr || names == nullptr || names->items.empty()) return std::nullopt;
  const auto* name = document.as<std::string>(names->items[0]);
  if (name == nullptr) return std::nullopt;
  if (*name == "f8" && bytes->size() == 8) return fromBytes<double>(*bytes);
  if (*name == "f4" && bytes->size() == 4) return static_cast<double>(fromBytes<float>(*bytes));
  if (*name == "i8" && bytes->size() == 8) return fromBytes<std::int64_t>(*bytes);
  if (*name == "i4" && bytes->size() == 4) return static_cast<std::int64_t>(fromBytes<std::int32_t>(*bytes));
  if (*name == "b1" && bytes->size() == 1) return (*bytes)[0] != 0;
  return std::nullopt;
}

/// OrderedDict() or OrderedDict([(key, value), …]); also dict.
std::optional<PickleValue> dictionary(const PickleDocument& document, const PickleList& arguments) {
  PickleDict dict;
  if (arguments.items.empty()) return dict;
  const auto* pairs = document.as<PickleList>(arguments.items[0]);
  if (pairs == nullptr) return std::nullopt;
  for (const PickleIndex item : pairs->items) {
    const auto* pair = document.as<PickleList>(item);
    if (pair == nullptr || pair->items.size() != 2) return std::nullopt;
    dict.items.emplace_back(pair->items[0], pair->items[1]);
  }
  return dict;
}

bool isBuiltin(const PickleGlobal& global) { return global.module == "builtins" || global.module == "__builtin__"; }

std::optional<PickleValue> torchCall(const PickleDocument& document, const PickleGlobal& function,
                                     const PickleList& arguments) {
  if (function.module != "torch._utils") return std::nullopt;
  if (function.name == "_rebuild_tensor_v2" || function.name == "_rebuild_tensor")
    return rebuiltTensor(document, arguments, false);
  if (function.name == "_rebuild_tensor_v3") return rebuiltTensor(document, arguments, true);
  const bool parameter = function.name == "_rebuild_parameter" || function.name == "_rebuild_parameter_with_state";
  if (!parameter || arguments.items.empty()) return std::nullopt;
  const auto* tensor = document.as<PickleTensor>(arguments.items[0]);
  return tensor == nullptr ? std::nullopt : std::optional<PickleValue>(*tensor);
}

}  // namespace

std::optional<PickleValue> understoodCall(const PickleDocument& document, PickleIndex callable, PickleIndex arguments) {
  const auto* function = document.as<PickleGlobal>(callable);
  const auto* list = document.as<PickleList>(arguments);
  if (function == nullptr || list == nullptr) return std::nullopt;
  if (auto made = torchCall(document, *function, *list)) return made;
  const std::string_view module = function->module, name = function->name;
  if ((module == "collections" && name == "OrderedDict") || (isBuiltin(*function) && name == "dict"))
    return dictionary(document, *list);
  if ((module == "torch" && name == "Size") ||
      (isBuiltin(*function) && (name == "set" || name == "frozenset" || name == "list" || name == "tuple"))) {
    if (list->items.empty()) return PickleList{};
    const auto* items = document.as<PickleList>(list->items[0]);
    return items == nullptr ? std::nullopt : std::optional<PickleValue>(*items);
  }
  if ((module == "numpy.core.multiarray" || module == "numpy._core.multiarray") && name == "scalar")
    return numpyScalar(document, *list);
  if (module == "_codecs" && name == "encode" && !list->items.empty()) {
    const auto* text = document.as<std::string>(list->items[0]);
    return text == nullptr ? std::nullopt : latinBytes(*text);
  }
  return std::nullopt;
}

std::optional<PickleStorage> storageFromId(const PickleDocument& document, PickleIndex id) {
  const auto* parts = document.as<PickleList>(id);
  if (parts == nullptr || parts->items.size() < 5) return std::nullopt;
  const auto* word = document.as<std::string>(parts->items[0]);
  const auto* kind = document.as<PickleGlobal>(parts->items[1]);
  const auto* key = document.as<std::string>(parts->items[2]);
  const auto* elements = document.as<std::int64_t>(parts->items[4]);
  if (word == nullptr || *word != "storage" || kind == nullptr || key == nullptr || elements == nullptr)
    return std::nullopt;
  PickleStorage storage{*key, typeOfStorage(kind->name), *elements, 0};
  const auto* view = parts->items.size() > 5 ? document.as<PickleList>(parts->items[5]) : nullptr;
  if (view != nullptr && view->items.size() == 3) {
    const auto* start = document.as<std::int64_t>(view->items[1]);
    const auto* count = document.as<std::int64_t>(view->items[2]);
    if (start == nullptr || count == nullptr || *start < 0 || *count < 0) return std::nullopt;
    storage.start = *start;
    storage.elements = *count;
  }
  return storage;
}

std::optional<PickleIndex> PickleDocument::find(PickleIndex dict, std::string_view key) const {
  const auto* items = as<PickleDict>(dict);
  if (items == nullptr) return std::nullopt;
  for (auto item = items->items.rbegin(); item != items->items.rend(); ++item) {
    const auto* name = as<std::string>(item->first);
    if (name != nullptr && *name == key) return item->second;
  }
  return std::nullopt;
}

}  // namespace studio::engine
