#pragma once

#include "engine/weights/random_access_file.h"
#include "engine/weights/tensor_info.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

namespace studio::engine {

/// A GGUF file, version 2 or 3 (https://github.com/ggml-org/ggml, docs/gguf.md): typed key-values, a table of tensors,
/// aligned data. Shapes are given slowest side first, and as `comfy.gguf.orig_shape.*` says where a writer folded
/// them. Metadata holds texts, numbers and truth values; arrays are passed over. Const members may be called from
/// several threads.
class GgufReader {
 public:
  /// Opens the file and checks its header: every extent inside the file, whole blocks, no overlaps, known types.
  /// Throws EngineException: MissingFile, BadFile.
  explicit GgufReader(const std::filesystem::path& path);

  const std::filesystem::path& path() const { return file_.path(); }
  std::uint64_t fileBytes() const { return file_.bytes(); }
  const TensorFileHeader& header() const { return header_; }

  /// Copies a tensor's blocks; `to` must have exactly `info.bytes` bytes. Throws EngineException(BadFile).
  void read(const TensorInfo& info, std::span<std::byte> to) const { file_.read(info.offset, to); }

 private:
  RandomAccessFile file_;
  TensorFileHeader header_;
};

}  // namespace studio::engine
