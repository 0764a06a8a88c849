#pragma once

#include "engine/api/engine_error.h"
#include "presets/tier.h"

#include <string>
#include <string_view>

namespace studio::presets {

/// The version of the format; files of a later one are refused.
inline constexpr int kTierVersion = 1;

/// Reads a tier's file. Refuses (BadFile, with the line where there is one) what is no TOML or larger than 64 KiB, of a
/// later version, and keys that are missing, unknown or beyond what the studio can do.
engine::Result<Tier> tierFromToml(std::string_view text, std::string id);

/// What tierFromToml reads back as an equal tier.
std::string tomlOf(const Tier& tier);

}  // namespace studio::presets
