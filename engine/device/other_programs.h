#pragma once

#include "engine/api/units.h"

#include <string>
#include <vector>

namespace studio::engine {

/// All processes of one name.
struct ProgramMemory {
  std::string name;  ///< as the system has it, at most 15 bytes; no arguments, no paths
  Bytes bytes;       ///< of the machine's memory that they share with nobody
};

/// The programs beside this one that hold most of the machine's memory, the largest first; at most `most`. Empty where
/// the system does not tell. Reads /proc; takes some milliseconds.
std::vector<ProgramMemory> largestPrograms(std::size_t most);

}  // namespace studio::engine
