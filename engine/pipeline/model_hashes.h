#pragma once

#include "engine/api/inspector.h"

#include <filesystem>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace studio::engine {

/// A hash as pictures write it, in small letters without "0x", "sha256:" or "blake3:". Empty when it is none.
std::string plainHash(std::string_view written);

/// All of a file's SHA-256 in 64 digits; kept in `cacheFolder` by path, size and time, so that a file is read once.
/// Empty for folders and when the file cannot be read. Throws Cancelled.
std::string wholeFileHash(const std::filesystem::path& file, const std::filesystem::path& cacheFolder,
                          const std::stop_token& stop);

/// The hash of which A1111 and AddNet write twelve digits for a LoRA, in 64: what the file's header says of itself
/// (`sshs_model_hash`), else the SHA-256 of the data behind the header, else of the whole file. Kept and thrown as
/// above.
std::string weightDataHash(const std::filesystem::path& file, const std::filesystem::path& cacheFolder,
                           const std::stop_token& stop);

/// Finds files by the hashes that programs name them by:
///  8 digits  AutoV1: SHA-256 of 64 KiB at 1 MiB
/// 10 digits  AutoV2: start of the file's SHA-256
/// 12 digits  AutoV3 and AddNet: start of the SHA-256 of what lies behind a safetensors header; many files carry it
///            themselves as `sshs_model_hash`, and in an older form as `sshs_legacy_hash`
/// 64 digits  either SHA-256 in full, or the file's BLAKE3 (InvokeAI, Civitai)
/// What was read is kept in the cache folder by path, size and time. A look-up reads at most 32 GiB anew. Thread-safe
/// as far as the cache files are: lines are appended.
class ModelHashes {
 public:
  /// Without a folder nothing is kept.
  explicit ModelHashes(std::filesystem::path cacheFolder) : cacheFolder_(std::move(cacheFolder)) {}

  /// Empty when none has it. `progress` counts the bytes of files that have to be read. Throws Cancelled.
  std::filesystem::path find(const std::string& hash, const std::vector<std::filesystem::path>& files,
                             const std::stop_token& stop, const HashProgress& progress = {}) const;

 private:
  std::filesystem::path cacheFolder_;
};

}  // namespace studio::engine
