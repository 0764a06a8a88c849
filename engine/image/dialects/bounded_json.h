#pragma once

#include "engine/api/units.h"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace studio::engine {

using Json = nlohmann::json;

/// Foreign JSON: at most 16 MiB and 64 levels deep; the bare NaN and Infinity that Python writes become null.
/// Nothing when it is not JSON or over a limit.
std::optional<Json> readJson(std::string_view text);

/// The member, or nullptr when `json` is not an object or has none. JSON null counts as absent.
const Json* memberOf(const Json& json, std::string_view key);

/// Text of a member; empty when absent or not a text. anyTextOf writes any value shortly, cut to 200 bytes.
std::string textOf(const Json& json, std::string_view key);
std::string anyTextOf(const Json& value);

/// Numbers, also when written as text ("20"). Nothing for anything else.
std::optional<double> numberOf(const Json& value);
std::optional<double> numberOf(const Json& json, std::string_view key);

/// All 64 bits of a seed, from a number or a text. Nothing for negative numbers.
std::optional<Seed> seedOf(const Json& value);

/// A number at the start of text with nothing behind it, in any locale.
std::optional<double> numberFromText(std::string_view text);

}  // namespace studio::engine
