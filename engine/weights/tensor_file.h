#pragma once

#include "engine/weights/tensor_info.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

namespace studio::engine {

/// One opened file of tensors, whatever its format. Only headers have been read; numbers are read when asked for, by
/// positioned reads. Const members may be called from several threads.
class TensorFile {
 public:
  virtual ~TensorFile() = default;

  virtual const std::filesystem::path& path() const = 0;
  virtual std::uint64_t fileBytes() const = 0;
  virtual const TensorFileHeader& header() const = 0;

  /// By the file's own key.
  const std::map<std::string, TensorInfo>& tensors() const { return header().tensors; }
  const std::map<std::string, std::string>& metadata() const { return header().metadata; }

  /// The tensor on the host, contiguous, in the number format it is stored in; block formats and scaled ones as fp32.
  /// The key must exist. Throws EngineException(BadFile) when the file cannot be read.
  at::Tensor load(const std::string& key) const { return expand(key, loadStored(key)); }

  /// The tensor's bytes as they are stored, in row-major order: what expand() takes. [bytes], uint8.
  virtual at::Tensor loadStored(const std::string& key) const = 0;
  /// The tensor that `stored` holds; may share its memory.
  virtual at::Tensor expand(const std::string& key, const at::Tensor& stored) const;
};

/// Opens a file of tensors; its first bytes tell the format, never its name.
/// Throws EngineException: MissingFile, BadFile.
std::shared_ptr<const TensorFile> openTensorFile(const std::filesystem::path& path);

/// torch's name of a number format; fp32 for block formats, which are expanded to it.
at::ScalarType scalarTypeOf(ElementType type);

/// A tensor of `info`'s shape from its stored bytes: a view of them for plain formats, fp32 for block formats.
at::Tensor tensorFromStored(const TensorInfo& info, const at::Tensor& stored);

}  // namespace studio::engine
