#pragma once

#include <cstddef>
#include <cstdint>

/// Data of unicode_tables.cpp; every table ascends by its first column (compositions by the first two).
namespace studio::engine::unicode {

struct Range {
  char32_t first, last;
};

/// Every `stride`-th code point of the range is upper case; its lower case is `delta` away.
struct LowerCaseRow {
  char32_t first, last;
  std::uint8_t stride;
  std::int32_t delta;
};

/// One level of canonical decomposition; `second` is 0 for a singleton.
struct Decomposition {
  char32_t composed, first, second;
};

struct Composition {
  char32_t first, second, composed;
};

struct ClassRange {
  char32_t first, last;
  std::uint8_t combiningClass;
};

extern const Range kLetters[];
extern const std::size_t kLettersCount;
extern const Range kNumbers[];
extern const std::size_t kNumbersCount;
extern const LowerCaseRow kLowerCase[];
extern const std::size_t kLowerCaseCount;
extern const Decomposition kDecompositions[];
extern const std::size_t kDecompositionsCount;
extern const Composition kCompositions[];
extern const std::size_t kCompositionsCount;
extern const ClassRange kCombiningClasses[];
extern const std::size_t kCombiningClassesCount;

}  // namespace studio::engine::unicode
