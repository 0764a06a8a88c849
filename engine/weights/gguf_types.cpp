#include "engine/weights/gguf_types.h"

#include <array>
#include <utility>

namespace studio::engine {
namespace {

constexpr std::array<std::pair<std::uint32_t, ElementType>, 20> kGgufTypes{
    {{0, ElementType::F32},     {1, ElementType::F16},     {2, ElementType::Q4_0},  {3, ElementType::Q4_1},
     {6, ElementType::Q5_0},    {7, ElementType::Q5_1},    {8, ElementType::Q8_0},  {10, ElementType::Q2_K},
     {11, ElementType::Q3_K},   {12, ElementType::Q4_K},   {13, ElementType::Q5_K}, {14, ElementType::Q6_K},
     {20, ElementType::IQ4_NL}, {23, ElementType::IQ4_XS}, {24, ElementType::I8},   {25, ElementType::I16},
     {26, ElementType::I32},    {27, ElementType::I64},    {28, ElementType::F64},  {30, ElementType::BF16}}};

constexpr std::array<std::pair<std::uint32_t, const char*>, 15> kOtherGgufTypes{{{9, "Q8_1"},
                                                                                 {15, "Q8_K"},
                                                                                 {16, "IQ2_XXS"},
                                                                                 {17, "IQ2_XS"},
                                                                                 {18, "IQ3_XXS"},
                                                                                 {19, "IQ1_S"},
                                                                                 {21, "IQ3_S"},
                                                                                 {22, "IQ2_S"},
                                                                                 {29, "IQ1_M"},
                                                                                 {31, "Q4_0_4_4"},
                                                                                 {32, "Q4_0_4_8"},
                                                                                 {33, "Q4_0_8_8"},
                                                                                 {34, "TQ1_0"},
                                                                                 {35, "TQ2_0"},
                                                                                 {39, "MXFP4"}}};

}  // namespace

std::optional<ElementType> elementTypeOfGguf(std::uint32_t number) {
  for (const auto& [known, type] : kGgufTypes) {
    if (known == number) return type;
  }
  return std::nullopt;
}

std::optional<std::uint32_t> ggufNumberOf(ElementType type) {
  for (const auto& [number, known] : kGgufTypes) {
    if (known == type) return number;
  }
  return std::nullopt;
}

std::string ggufTypeName(std::uint32_t number) {
  if (const auto type = elementTypeOfGguf(number)) return elementTypeName(*type);
  for (const auto& [known, name] : kOtherGgufTypes) {
    if (known == number) return name;
  }
  return "type " + std::to_string(number);
}

}  // namespace studio::engine
