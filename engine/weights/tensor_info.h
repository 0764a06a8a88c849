#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace studio::engine {

/// How the numbers of a stored tensor are written. The last group are ggml's block formats.
enum class ElementType {
  F64,
  F32,
  F16,
  BF16,
  F8E4M3,
  F8E5M2,
  I64,
  I32,
  I16,
  I8,
  U8,
  Bool,
  Q8_0,
  Q5_0,
  Q5_1,
  Q4_0,
  Q4_1,
  Q2_K,
  Q3_K,
  Q4_K,
  Q5_K,
  Q6_K,
  IQ4_NL,
  IQ4_XS
};

/// So many numbers are stored together in so many bytes; plain formats have blocks of one.
struct ElementBlock {
  std::int64_t elements = 1;
  std::int64_t bytes = 1;
};
ElementBlock blockOf(ElementType type);

/// Bytes of one element of a plain format.
std::int64_t elementBytes(ElementType type);
/// "F16" as safetensors spells it, "Q8_0" as GGUF does.
const char* elementTypeName(ElementType type);
bool isFloating(ElementType type);
/// One of ggml's block formats.
bool isBlockFormat(ElementType type);
/// Formats of one byte a number or less, worth keeping in memory as they are.
bool isCompact(ElementType type);

/// One tensor in a file: known from the header, its data untouched.
struct TensorInfo {
  ElementType type = ElementType::F32;
  std::vector<std::int64_t> shape;
  std::uint64_t offset = 0;  ///< of the first byte, from the start of the file
  std::uint64_t bytes = 0;

  std::int64_t elements() const;
};

/// What a file of any format says of itself before a number is read. Ordered by name.
struct TensorFileHeader {
  std::map<std::string, TensorInfo> tensors;
  std::map<std::string, std::string> metadata;
};

}  // namespace studio::engine
