#pragma once

#include "engine/weights/tensor_info.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>

namespace studio::engine {

enum class FileFormat { Safetensors, Gguf };

/// What a file is to hold: types and shapes; bytes and offsets are worked out by the writer.
struct FileContents {
  TensorFileHeader header;
  /// GGUF only: shapes that differ from the ones stored, for readers that know `comfy.gguf.orig_shape`.
  std::map<std::string, std::vector<std::int64_t>> originalShapes;
  std::map<std::string, std::uint32_t> numbers;  ///< GGUF only: metadata that readers expect as a number
};

/// Writes a file of tensors under a temporary name in the target's folder; it gets its name by finish() alone and is
/// removed otherwise. Every function throws EngineException(CannotWrite).
class TensorFileWriter {
 public:
  /// Makes the file and writes its header. Checks before that the disk has room for all of it.
  TensorFileWriter(const std::filesystem::path& target, FileFormat format, FileContents contents);
  ~TensorFileWriter();
  TensorFileWriter(const TensorFileWriter&) = delete;
  TensorFileWriter& operator=(const TensorFileWriter&) = delete;

  /// Where every tensor goes, with its size, in the order in which they must be written.
  const std::map<std::string, TensorInfo>& tensors() const { return contents_.header.tensors; }
  void write(const std::string& key, std::span<const std::byte> bytes);

  /// Puts everything on disk. The file still has its temporary name, for reading back.
  void sync();
  const std::filesystem::path& temporaryPath() const { return temporary_; }

  /// Gives the file its name. Without `replace` an existing file makes it fail.
  void finish(bool replace);

 private:
  void put(std::uint64_t offset, std::span<const std::byte> bytes);
  void checkRoom(std::uint64_t bytes) const;
  void abandon();

  std::filesystem::path target_, temporary_;
  FileContents contents_;
  int descriptor_ = -1;
};

/// Safetensors' header of the contents, with its length before it; sets every tensor's bytes and offset.
std::string safetensorsHeaderBytes(FileContents& contents);
/// The same for GGUF version 3.
std::string ggufHeaderBytes(FileContents& contents);

}  // namespace studio::engine
