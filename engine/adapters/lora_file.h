#pragma once

#include "engine/adapters/adapter_keys.h"
#include "engine/api/inspector.h"
#include "engine/weights/tensor_file.h"

#include <filesystem>
#include <memory>
#include <string>

namespace studio::engine {

/// A LoRA file of any algorithm, opened and checked against nothing yet. Const members are thread-safe.
class LoraFile {
 public:
  /// Throws EngineException: MissingFile, BadFile; also when nothing in the file changes a layer.
  explicit LoraFile(const std::filesystem::path& path);

  const std::filesystem::path& path() const { return file_->path(); }
  const AdapterKeys& keys() const { return keys_; }
  const TensorFileHeader& header() const { return file_->header(); }

  /// Reads one module's factors as fp32. Throws EngineException(BadFile) when they cannot be read or do not fit
  /// each other.
  AdapterFactors load(const AdapterModule& module) const;

 private:
  at::Tensor loadTensor(const std::string& key) const;
  std::shared_ptr<const TensorFile> file_;
  AdapterKeys keys_;
};

/// What the headers say; works for every file, also for those that cannot be applied.
LoraInfo inspectLora(const std::filesystem::path& path);
LoraInfo inspectLora(const TensorFile& file);

}  // namespace studio::engine
