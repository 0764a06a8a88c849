#include "engine/weights/tensor_info.h"

namespace studio::engine {

std::int64_t elementBytes(ElementType type) {
  switch (type) {
    case ElementType::F64:
    case ElementType::I64:
      return 8;
    case ElementType::F32:
    case ElementType::I32:
      return 4;
    case ElementType::F16:
    case ElementType::BF16:
    case ElementType::I16:
      return 2;
    case ElementType::F8E4M3:
    case ElementType::F8E5M2:
    case ElementType::I8:
    case ElementType::U8:
    case ElementType::Bool:
      return 1;
  }
  return 1;
}

const char* elementTypeName(ElementType type) {
  switch (type) {
    case ElementType::F64:
      return "F64";
    case ElementType::F32:
      return "F32";
    case ElementType::F16:
      return "F16";
    case ElementType::BF16:
      return "BF16";
    case ElementType::F8E4M3:
      return "F8_E4M3";
    case ElementType::F8E5M2:
      return "F8_E5M2";
    case ElementType::I64:
      return "I64";
    case ElementType::I32:
      return "I32";
    case ElementType::I16:
      return "I16";
    case ElementType::I8:
      return "I8";
    case ElementType::U8:
      return "U8";
    case ElementType::Bool:
      return "BOOL";
  }
  return "?";
}

bool isFloating(ElementType type) {
  switch (type) {
    case ElementType::F64:
    case ElementType::F32:
    case ElementType::F16:
    case ElementType::BF16:
    case ElementType::F8E4M3:
    case ElementType::F8E5M2:
      return true;
    default:
      return false;
  }
}

std::int64_t TensorInfo::elements() const {
  std::int64_t count = 1;
  for (const std::int64_t side : shape) count *= side;
  return count;
}

}  // namespace studio::engine
