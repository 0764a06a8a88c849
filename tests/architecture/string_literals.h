#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace studio::architecture {

/// The texts of a source's string literals outside comments, neighbours joined and escapes of quotes resolved.
[[nodiscard]] std::vector<std::string> stringLiterals(std::string_view source);

/// What is said to people: begins with a capital letter or a gap, has words, and ends as a sentence does.
[[nodiscard]] bool isSentence(std::string_view text);

}  // namespace studio::architecture
