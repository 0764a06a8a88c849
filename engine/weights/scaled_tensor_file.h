#pragma once

#include "engine/weights/tensor_file.h"

#include <map>
#include <memory>
#include <string>

namespace studio::engine {

/// A file whose 8-bit weights come with a scale each: `<layer>.scale_weight` beside a `scaled_fp8` marker, or
/// `<layer>.weight_scale` with `<layer>.comfy_quant` or `_quantization_metadata`. Weights are multiplied by their
/// scale when they are expanded; the helper tensors are not listed.
class ScaledTensorFile final : public TensorFile {
 public:
  /// Reads the scales. Throws EngineException(BadFile), also for layers in formats that need more than a scale.
  explicit ScaledTensorFile(std::shared_ptr<const TensorFile> file);

  const std::filesystem::path& path() const override { return file_->path(); }
  std::uint64_t fileBytes() const override { return file_->fileBytes(); }
  const TensorFileHeader& header() const override { return header_; }
  at::Tensor loadStored(const std::string& key) const override { return file_->loadStored(key); }
  at::Tensor expand(const std::string& key, const at::Tensor& stored) const override;

 private:
  std::shared_ptr<const TensorFile> file_;
  TensorFileHeader header_;
  std::map<std::string, at::Tensor> scales_;  ///< by the weight's key; fp32, broadcasts over the weight
};

/// Whether the file has weights with scales, or the helper tensors or metadata of such files.
bool hasScaledWeights(const TensorFileHeader& header);

}  // namespace studio::engine
