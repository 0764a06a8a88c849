#pragma once

#include "engine/api/device_catalog.h"

#include <vector>

namespace studio::engine {

/// The programs beside this one that hold most of the machine's memory, the largest first; at most `most`. Empty where
/// the system does not tell. Reads /proc; takes some milliseconds.
std::vector<ProgramMemory> largestPrograms(std::size_t most);

}  // namespace studio::engine
