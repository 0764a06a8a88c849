#include "engine/pipeline/hash_cache.h"

#include "engine/api/units.h"

#include <fstream>
#include <system_error>

namespace studio::engine {
namespace {

constexpr std::size_t kHashDigits = 64;

/// What a file is while it is not changed.
std::string stateOf(const std::filesystem::path& file) {
  std::error_code failed;
  const auto size = std::filesystem::file_size(file, failed);
  const auto time = std::filesystem::last_write_time(file, failed).time_since_epoch().count();
  return std::to_string(size) + " " + std::to_string(time) + " " +
         utf8FromPath(std::filesystem::absolute(file, failed));
}

}  // namespace

HashCache::HashCache(const std::filesystem::path& folder, const char* name)
    : file_(folder.empty() ? folder : folder / name) {
  std::ifstream lines(file_);
  for (std::string line; std::getline(lines, line);) {
    if (line.size() > kHashDigits + 1) known_[line.substr(kHashDigits + 1)] = line.substr(0, kHashDigits);
  }
}

std::string HashCache::hashOf(const std::filesystem::path& file) const {
  const auto found = known_.find(stateOf(file));
  return found == known_.end() ? std::string() : found->second;
}

void HashCache::keep(const std::filesystem::path& file, const std::string& hash) const {
  if (file_.empty() || hash.size() != kHashDigits) return;
  std::error_code failed;
  std::filesystem::create_directories(file_.parent_path(), failed);
  std::ofstream(file_, std::ios::app) << hash + " " + stateOf(file) + "\n";
}

}  // namespace studio::engine
