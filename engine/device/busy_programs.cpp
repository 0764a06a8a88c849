#include "engine/device/busy_programs.h"

#include "engine/device/process_names.h"
#include "engine/device/system_file.h"

#include <algorithm>

#include <unistd.h>

namespace studio::engine {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostProcesses = 20'000;
constexpr std::int64_t kMostPages = 1LL << 38;

/// The word of that number, counted from 0.
std::string_view wordAt(std::string_view text, int number) {
  for (int i = 0; i <= number; ++i) {
    const std::size_t start = text.find_first_not_of(" \n");
    if (start == std::string_view::npos) return {};
    text.remove_prefix(start);
    const std::string_view word = text.substr(0, text.find_first_of(" \n"));
    if (i == number) return word;
    text.remove_prefix(word.size());
  }
  return {};
}

Bytes ownMemory(const std::string& statm) {
  const auto resident = numberFrom(wordAt(statm, 1)), shared = numberFrom(wordAt(statm, 2));
  if (!resident || !shared || *resident < 0 || *shared < 0) return {};
  const std::int64_t pages = std::min(*resident, kMostPages) - std::min(*shared, kMostPages);
  return {std::max<std::int64_t>(0, pages) * ::sysconf(_SC_PAGESIZE)};
}

}  // namespace

std::int64_t ticksFrom(std::string_view stat) {
  const std::size_t name = stat.rfind(')');  // the name before it may hold anything
  if (name == std::string_view::npos) return 0;
  const auto user = numberFrom(wordAt(stat.substr(name + 1), 11)),
             system = numberFrom(wordAt(stat.substr(name + 1), 12));
  constexpr std::int64_t kMost = 1LL << 60;
  if (!user || !system || *user < 0 || *system < 0) return 0;
  return std::min(*user, kMost) + std::min(*system, kMost);
}

ProgramSample sampleOfPrograms(const fs::path& root) {
  ProgramSample sample;
  for (const fs::path& folder : entriesOf(root / "proc", kMostProcesses)) {
    const auto id = numberFrom(folder.filename().string());
    if (!id || *id <= 0 || *id == ::getpid()) continue;
    const std::string name = lineOf(folder / "comm");
    if (name.empty()) continue;
    sample.processes[*id] = {name, ticksFrom(textOf(folder / "stat", 1024)), ownMemory(textOf(folder / "statm", 256))};
  }
  return sample;
}

std::vector<BackgroundProgram> busyPrograms(const ProgramSample& before, const ProgramSample& after, double ticks,
                                            Bytes least, std::size_t most) {
  constexpr double kBusy = 0.1;
  std::map<std::string, BackgroundProgram> byName;
  for (const auto& [id, process] : after.processes) {
    BackgroundProgram& program = byName[process.name];
    program.name = process.name;
    program.memory.count += process.memory.count;
    const auto earlier = before.processes.find(id);
    if (earlier == before.processes.end() || ticks <= 0) continue;
    program.processors += std::max(0.0, static_cast<double>(process.ticks - earlier->second.ticks) / ticks);
  }
  std::vector<BackgroundProgram> programs;
  for (const auto& [name, program] : byName) {
    if (program.memory >= least || program.processors >= kBusy) programs.push_back(program);
  }
  std::stable_sort(programs.begin(), programs.end(),
                   [](const BackgroundProgram& a, const BackgroundProgram& b) { return a.memory > b.memory; });
  if (programs.size() > most) programs.resize(most);
  return programs;
}

}  // namespace studio::engine
