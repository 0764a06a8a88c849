#pragma once

#include <filesystem>
#include <map>
#include <string>

namespace studio::engine {

/// Hashes of files, kept as lines "hash size time path" so that a file is read once until it changes. Lines are only
/// appended, so several may write. Reads the file when made; small.
class HashCache {
 public:
  /// Without a folder nothing is kept.
  HashCache(const std::filesystem::path& folder, const char* name);

  /// Empty when it is not known.
  std::string hashOf(const std::filesystem::path& file) const;
  /// Keeps 64 digits, nothing else.
  void keep(const std::filesystem::path& file, const std::string& hash) const;

 private:
  std::filesystem::path file_;
  std::map<std::string, std::string> known_;
};

}  // namespace studio::engine
