#pragma once

#include <optional>
#include <string_view>

namespace studio::engine {

/// The finite decimal number that is all of `text`, whatever the locale; a '+' may stand before it. Nothing otherwise.
std::optional<double> finiteNumber(std::string_view text);

}  // namespace studio::engine
