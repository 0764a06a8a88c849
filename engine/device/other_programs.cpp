#include "engine/device/other_programs.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <map>
#include <system_error>

#include <unistd.h>

namespace studio::engine {
namespace {

constexpr int kMostProcesses = 20'000;  // looked at

bool isNumber(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
}

/// In pages, of /proc/<id>/statm: what is resident, less what others may have too.
std::int64_t ownPages(const std::filesystem::path& process) {
  std::ifstream file(process / "statm");
  std::int64_t all = 0, resident = 0, shared = 0;
  return file >> all >> resident >> shared ? std::max<std::int64_t>(0, resident - shared) : 0;
}

}  // namespace

std::vector<ProgramMemory> largestPrograms(std::size_t most) {
  const std::string self = std::to_string(::getpid());
  const std::int64_t page = ::sysconf(_SC_PAGESIZE);
  std::map<std::string, std::int64_t> pages;
  std::error_code unknown;
  int left = kMostProcesses;
  for (std::filesystem::directory_iterator process("/proc", unknown), end; !unknown && process != end && left > 0;
       process.increment(unknown), --left) {
    const std::string id = process->path().filename().string();
    if (!isNumber(id) || id == self) continue;
    std::string name;
    if (!std::getline(std::ifstream(process->path() / "comm"), name) || name.empty()) continue;
    pages[name] += ownPages(process->path());
  }
  std::vector<ProgramMemory> programs;
  programs.reserve(pages.size());
  for (const auto& [name, count] : pages) {
    if (count > 0) programs.push_back({name, {count * page}});
  }
  std::sort(programs.begin(), programs.end(),
            [](const ProgramMemory& a, const ProgramMemory& b) { return a.bytes > b.bytes; });
  if (programs.size() > most) programs.resize(most);
  return programs;
}

}  // namespace studio::engine
