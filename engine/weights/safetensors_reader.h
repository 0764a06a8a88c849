#pragma once

#include "engine/weights/random_access_file.h"
#include "engine/weights/tensor_info.h"

#include <cstddef>
#include <filesystem>
#include <span>
#include <string_view>

namespace studio::engine {

/// What a safetensors header says; offsets count from the start of the file.
using SafetensorsHeader = TensorFileHeader;

/// Checks and reads the JSON header of a file of `fileBytes` bytes whose data begins at `dataStart`.
/// Every extent must lie inside the file, fit its type and shape, and overlap no other.
/// Throws EngineException(BadFile).
SafetensorsHeader parseSafetensorsHeader(std::string_view json, std::uint64_t dataStart, std::uint64_t fileBytes);

/// A safetensors file (https://github.com/huggingface/safetensors, format section): 8 bytes of header length,
/// little-endian, a JSON header, then the data. Nothing of the data is read before it is asked for, and then by
/// positioned reads, so that a file that shrinks or vanishes while in use is an error and never a signal.
/// Const members may be called from several threads.
class SafetensorsReader {
 public:
  /// Opens the file and checks its header. Throws EngineException: MissingFile, BadFile.
  explicit SafetensorsReader(const std::filesystem::path& path);

  const std::filesystem::path& path() const { return file_.path(); }
  std::uint64_t fileBytes() const { return file_.bytes(); }
  const SafetensorsHeader& header() const { return header_; }

  /// Copies a tensor's bytes; `to` must have exactly `info.bytes` bytes. Throws EngineException(BadFile).
  void read(const TensorInfo& info, std::span<std::byte> to) const;

 private:
  RandomAccessFile file_;
  SafetensorsHeader header_;
};

}  // namespace studio::engine
