#include "engine/weights/tensor_info.h"

#include <array>

namespace studio::engine {

namespace {

struct TypeRow {
  ElementType type;
  const char* name;
  ElementBlock block;
  bool floating;
};

constexpr std::array<TypeRow, 24> kTypeRows{
    {{ElementType::F64, "F64", {1, 8}, true},         {ElementType::F32, "F32", {1, 4}, true},
     {ElementType::F16, "F16", {1, 2}, true},         {ElementType::BF16, "BF16", {1, 2}, true},
     {ElementType::F8E4M3, "F8_E4M3", {1, 1}, true},  {ElementType::F8E5M2, "F8_E5M2", {1, 1}, true},
     {ElementType::I64, "I64", {1, 8}, false},        {ElementType::I32, "I32", {1, 4}, false},
     {ElementType::I16, "I16", {1, 2}, false},        {ElementType::I8, "I8", {1, 1}, false},
     {ElementType::U8, "U8", {1, 1}, false},          {ElementType::Bool, "BOOL", {1, 1}, false},
     {ElementType::Q8_0, "Q8_0", {32, 34}, true},     {ElementType::Q5_0, "Q5_0", {32, 22}, true},
     {ElementType::Q5_1, "Q5_1", {32, 24}, true},     {ElementType::Q4_0, "Q4_0", {32, 18}, true},
     {ElementType::Q4_1, "Q4_1", {32, 20}, true},     {ElementType::Q2_K, "Q2_K", {256, 84}, true},
     {ElementType::Q3_K, "Q3_K", {256, 110}, true},   {ElementType::Q4_K, "Q4_K", {256, 144}, true},
     {ElementType::Q5_K, "Q5_K", {256, 176}, true},   {ElementType::Q6_K, "Q6_K", {256, 210}, true},
     {ElementType::IQ4_NL, "IQ4_NL", {32, 18}, true}, {ElementType::IQ4_XS, "IQ4_XS", {256, 136}, true}}};

/// The rows stand in the order of the enumeration.
const TypeRow& rowOf(ElementType type) { return kTypeRows[static_cast<std::size_t>(type)]; }

}  // namespace

ElementBlock blockOf(ElementType type) { return rowOf(type).block; }

std::int64_t elementBytes(ElementType type) { return rowOf(type).block.bytes; }

const char* elementTypeName(ElementType type) { return rowOf(type).name; }

bool isFloating(ElementType type) { return rowOf(type).floating; }

bool isBlockFormat(ElementType type) { return rowOf(type).block.elements > 1; }

bool isCompact(ElementType type) {
  return isBlockFormat(type) || type == ElementType::F8E4M3 || type == ElementType::F8E5M2;
}

std::int64_t TensorInfo::elements() const {
  std::int64_t count = 1;
  for (const std::int64_t side : shape) count *= side;
  return count;
}

}  // namespace studio::engine
