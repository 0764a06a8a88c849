#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace studio::engine {

/// ASCII letters in lower case.
std::string asciiLower(std::string_view text);

/// The name that `written` most likely means: one that differs in at most a quarter of its characters, insertions,
/// deletions and exchanges counted (Levenshtein 1966), and none when two are equally near. Ignores ASCII case.
std::optional<std::string> closestName(std::string_view written, const std::vector<std::string>& names);

}  // namespace studio::engine
