#pragma once

#include <string>

namespace studio::app {

/// The output pattern that `--out` means: a folder gets the usual file name. Throws BadRequest for another extension
/// than .png, .jpg and .webp, and CannotWrite when its folder is there but may not be written to: better now than
/// after the work.
std::string outputPattern(const std::string& argument);

}  // namespace studio::app
