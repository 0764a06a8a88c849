#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

namespace studio::engine {

/// A regular file read by position, never mapped: one that shrinks, changes or vanishes while in use is an error and
/// never a signal. Copies share the open file. Const members may be called from several threads.
class RandomAccessFile {
 public:
  /// Throws EngineException: MissingFile, or BadFile when it is not a regular file.
  explicit RandomAccessFile(std::filesystem::path path);

  const std::filesystem::path& path() const { return path_; }
  /// Size when it was opened.
  std::uint64_t bytes() const { return bytes_; }

  /// Fills `to` from `offset`. Throws EngineException(BadFile) when the file ends before.
  void read(std::uint64_t offset, std::span<std::byte> to) const;
  /// The same as text. `count` must have been checked against the file by the caller.
  std::string readText(std::uint64_t offset, std::size_t count) const;

 private:
  struct Handle;
  std::filesystem::path path_;
  std::shared_ptr<const Handle> handle_;
  std::uint64_t bytes_ = 0;
};

}  // namespace studio::engine
