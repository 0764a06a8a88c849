#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace studio::engine {

/// A request's own noise levels, as text: numbers between commas or blanks, descending, each above 0; a 0 may stand at
/// the end and is added otherwise. Nothing when the text is not that, or has over 1000 steps.
std::optional<std::vector<float>> sigmasFromText(std::string_view text);

}  // namespace studio::engine
