#pragma once

#include <string>
#include <string_view>

namespace studio::architecture {

/// A C++ source whose comments, literals and preprocessor lines are blanks; every line break stays where it was.
[[nodiscard]] std::string withoutTexts(std::string_view source);

}  // namespace studio::architecture
