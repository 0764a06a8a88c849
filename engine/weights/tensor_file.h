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

  /// The tensor on the host, contiguous, in the number format it is stored in; quantised types are expanded.
  /// The key must exist. Throws EngineException(BadFile) when the file cannot be read.
  virtual at::Tensor load(const std::string& key) const = 0;
};

/// Opens a file of tensors; its first bytes tell the format, never its name.
/// Throws EngineException: MissingFile, BadFile.
std::shared_ptr<const TensorFile> openTensorFile(const std::filesystem::path& path);

/// torch's name of a number format.
at::ScalarType scalarTypeOf(ElementType type);

}  // namespace studio::engine
