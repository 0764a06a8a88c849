#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace studio::engine {

using ByteSpan = std::span<const std::uint8_t>;
using ByteVector = std::vector<std::uint8_t>;

/// Random access to bytes nobody has checked yet.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  virtual std::uint64_t size() const = 0;

  /// Fills `into` from `offset` as far as there are bytes; returns how many were copied.
  virtual std::size_t read(std::uint64_t offset, std::span<std::uint8_t> into) const = 0;

  /// The bytes [offset, offset + count), fewer where the source ends.
  ByteVector readVector(std::uint64_t offset, std::size_t count) const;
};

/// Bytes in memory owned by someone else.
class MemorySource final : public ByteSource {
 public:
  explicit MemorySource(ByteSpan bytes) : bytes_(bytes) {}
  std::uint64_t size() const override { return bytes_.size(); }
  std::size_t read(std::uint64_t offset, std::span<std::uint8_t> into) const override;

 private:
  ByteSpan bytes_;
};

/// A file on disk, read piece by piece. Throws MissingFile or BadFile when it cannot be opened or is no regular file.
class FileSource final : public ByteSource {
 public:
  explicit FileSource(const std::filesystem::path& path);
  ~FileSource() override;
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;
  std::uint64_t size() const override { return size_; }
  std::size_t read(std::uint64_t offset, std::span<std::uint8_t> into) const override;

 private:
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
};

/// Numbers at `at`; the caller has checked that the bytes are there.
constexpr std::uint32_t bigEndian16(ByteSpan bytes, std::size_t at) {
  return static_cast<std::uint32_t>(bytes[at]) << 8 | bytes[at + 1];
}
constexpr std::uint32_t bigEndian32(ByteSpan bytes, std::size_t at) {
  return bigEndian16(bytes, at) << 16 | bigEndian16(bytes, at + 2);
}
constexpr std::uint32_t littleEndian16(ByteSpan bytes, std::size_t at) {
  return static_cast<std::uint32_t>(bytes[at + 1]) << 8 | bytes[at];
}
constexpr std::uint32_t littleEndian32(ByteSpan bytes, std::size_t at) {
  return littleEndian16(bytes, at + 2) << 16 | littleEndian16(bytes, at);
}

}  // namespace studio::engine
