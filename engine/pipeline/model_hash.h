#pragma once

#include <filesystem>
#include <future>
#include <stop_token>
#include <string>
#include <thread>

namespace studio::engine {

/// First ten hex digits of a file's SHA-256, the form A1111 names models by. Kept in `cacheFolder` by path, size and
/// time, so that a file is read once. Empty for folders and when the file cannot be read. Throws Cancelled.
std::string modelHash(const std::filesystem::path& file, const std::filesystem::path& cacheFolder,
                      const std::stop_token& stop);

/// modelHash on a thread of its own, so that no picture waits for gigabytes to be read; the thread is stopped and
/// joined when this goes.
class BackgroundModelHash {
 public:
  BackgroundModelHash(std::filesystem::path file, std::filesystem::path cacheFolder);

  /// Waits until the hash is known. Throws Cancelled when `stop` asks first.
  std::string get(const std::stop_token& stop) const;

 private:
  std::shared_future<std::string> hash_;
  std::jthread thread_;
};

}  // namespace studio::engine
