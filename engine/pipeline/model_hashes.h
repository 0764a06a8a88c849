#pragma once

#include <filesystem>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace studio::engine {

/// A hash as pictures write it, in small letters without "0x" or "sha256:". Empty when it is none, and for BLAKE3,
/// which this studio does not compute.
std::string plainHash(std::string_view written);

/// Finds files by the hashes that programs name them by:
///  8 digits  AutoV1: SHA-256 of 64 KiB at 1 MiB
/// 10 digits  AutoV2: start of the file's SHA-256
/// 12 digits  AutoV3 and AddNet: start of the SHA-256 of what lies behind a safetensors header; many files carry it
///            themselves as `sshs_model_hash`
/// 64 digits  either SHA-256 in full
/// What was read is kept in the cache folder by path, size and time (the file's own in model-hashes.txt, which
/// modelHash shares). A look-up reads at most 32 GiB anew. Thread-safe as far as the cache files are: lines are
/// appended.
class ModelHashes {
 public:
  /// Without a folder nothing is kept.
  explicit ModelHashes(std::filesystem::path cacheFolder) : cacheFolder_(std::move(cacheFolder)) {}

  /// Empty when none has it. Throws Cancelled.
  std::filesystem::path find(const std::string& hash, const std::vector<std::filesystem::path>& files,
                             const std::stop_token& stop) const;

 private:
  std::filesystem::path cacheFolder_;
};

}  // namespace studio::engine
