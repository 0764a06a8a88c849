#pragma once

#include "engine/weights/tensor_info.h"

#include <cstdint>
#include <optional>
#include <string>

namespace studio::engine {

/// ggml's number of a tensor type; nothing for types that this program does not read.
std::optional<ElementType> elementTypeOfGguf(std::uint32_t number);
/// Nothing when GGUF has no such type.
std::optional<std::uint32_t> ggufNumberOf(ElementType type);
/// "IQ2_XXS", also for types that are not read; "type 99" for those nobody knows.
std::string ggufTypeName(std::uint32_t number);

}  // namespace studio::engine
