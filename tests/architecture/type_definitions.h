#pragma once

// One name, one type: the linker merges the inline members of two types of the same name without a word.

#include "tests/architecture/source_tree.h"

#include <string>
#include <string_view>
#include <vector>

namespace studio::architecture {

struct TypeDefinition {
  std::string name;  // with its namespaces, like "studio::engine::TensorInfo"
  int line = 0;
};

/// Every struct, class, union and enum with a body that a C++ source defines in a namespace; not those in others, in
/// unnamed namespaces and in functions, and no specialisations.
[[nodiscard]] std::vector<TypeDefinition> typeDefinitions(std::string_view source);

/// One sentence for each type that a second file defines under the same name.
[[nodiscard]] std::vector<std::string> typesDefinedTwice(const SourceTree& tree);

}  // namespace studio::architecture
