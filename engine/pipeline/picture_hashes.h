#pragma once

#include "engine/api/picture_info.h"

#include <filesystem>
#include <future>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace studio::engine {

/// The hashes that a picture names its files by, as A1111 writes them.
struct FileHashes {
  std::string model;             ///< first ten digits of the file's SHA-256; empty for folders
  std::vector<NamedHash> loras;  ///< first twelve of weightDataHash, by the file's name without ending
};

/// Makes them on a thread of its own, so that no picture waits for gigabytes to be read; the thread is stopped and
/// joined when this goes. What was read is kept in `cacheFolder`.
class BackgroundFileHashes {
 public:
  BackgroundFileHashes(std::filesystem::path model, std::vector<std::filesystem::path> loras,
                       std::filesystem::path cacheFolder);

  /// Waits until they are known. Throws Cancelled when `stop` asks first.
  FileHashes get(const std::stop_token& stop) const;

 private:
  std::shared_future<FileHashes> hashes_;
  std::jthread thread_;
};

/// First twelve digits of the whole file's SHA-256, as A1111 names textual inversions; a small file. Throws Cancelled.
NamedHash embeddingHash(const std::string& name, const std::filesystem::path& file,
                        const std::filesystem::path& cacheFolder, const std::stop_token& stop);

}  // namespace studio::engine
