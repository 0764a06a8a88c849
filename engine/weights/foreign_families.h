#pragma once

#include "engine/api/inspector.h"

#include <string>
#include <vector>

namespace studio::engine {

/// The family of a transformer that is only recognised to be named, by keys that no other family has; Unknown else.
ModelFamily foreignFamilyOf(const std::vector<std::string>& keys);

}  // namespace studio::engine
