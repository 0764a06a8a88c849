#pragma once

#include "engine/api/units.h"

#include <string>

namespace studio::app {

/// Bytes as people write them: "1500000000", "512MiB", "2GiB", "1.5 GiB"; a bare unit of K, M, G or T counts in steps
/// of 1024 too. Throws BadRequest naming `flag` for anything else and for what is not above 0.
engine::Bytes sizeFrom(const std::string& text, const char* flag);

}  // namespace studio::app
