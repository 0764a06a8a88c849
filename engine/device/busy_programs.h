#pragma once

#include "engine/api/hardware_profile.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace studio::engine {

/// How long a process has computed, in clock ticks, from /proc/<id>/stat; 0 where it cannot be understood.
std::int64_t ticksFrom(std::string_view stat);

/// What each process but this one has done and holds so far.
struct ProgramSample {
  struct Process {
    std::string name;
    std::int64_t ticks = 0;
    Bytes memory;  ///< that it shares with nobody
  };
  std::map<std::int64_t, Process> processes;  ///< by number
};
ProgramSample sampleOfPrograms(const std::filesystem::path& root);

/// What they did between two samples, by name: at most `most` that hold more than `least`, or keep a tenth of a
/// processor busy; the largest first. `ticks`: so many lie between the samples. Pure.
std::vector<BackgroundProgram> busyPrograms(const ProgramSample& before, const ProgramSample& after, double ticks,
                                            Bytes least, std::size_t most);

}  // namespace studio::engine
