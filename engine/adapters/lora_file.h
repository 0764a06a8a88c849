#pragma once

#include "engine/api/inspector.h"
#include "engine/weights/key_map.h"
#include "engine/weights/tensor_file.h"
#include "engine/weights/tensor_source.h"

#include <filesystem>
#include <map>
#include <memory>
#include <string>

namespace studio::engine {

/// One layer's low-rank change (Hu et al. 2022): scale · up · down with scale = alpha / rank.
struct LoraLayer {
  at::Tensor down;   ///< [rank, in] or [rank, in, k, k]
  at::Tensor up;     ///< [out, rank] or [out, rank, 1, 1]
  at::Tensor mid;    ///< Tucker core [rank, rank, k, k]; undefined for most files
  double alpha = 0;  ///< 0: not given, then scale is 1
};

/// Names of a file's modules as they are written there, each with the endings it has; nothing is read but the header.
struct LoraKeys {
  /// What one module's tensors are called in the file; empty when absent.
  struct Module {
    std::string down, up, mid, alpha;
  };
  std::map<std::string, Module> modules;  ///< by the module's name in the file, without the ending
  std::string kind = "LoRA";              ///< "LoRA", "LoHa", "LoKr", "DoRA", … as the endings tell
  std::int64_t surplus = 0;               ///< tensors that belong to no module
};

LoraKeys sortLoraKeys(const TensorFileHeader& header);

/// The canonical layer a module's name means, e.g. "lora_unet_down_blocks_0_…_to_q" (kohya),
/// "unet.down_blocks.0.….to_q" (diffusers, PEFT) or "….attn1.processor.to_q" (old attention processors).
/// Built once from the layers a network has, because kohya's underscores do not tell dots from underscores.
class LoraNames {
 public:
  LoraNames(const TensorSource& unet, const TensorSource* textEncoder);
  /// The part and the tensor that changes ("….to_q.weight"), or nothing when the network has no such layer.
  std::optional<CanonicalKey> find(const std::string& module) const;

 private:
  std::map<std::string, CanonicalKey> names_;
};

/// A LoRA file, opened and checked against nothing yet.
class LoraFile {
 public:
  /// Throws EngineException: MissingFile, BadFile; WrongFamily when the kind cannot be applied.
  explicit LoraFile(const std::filesystem::path& path);

  const std::filesystem::path& path() const { return file_->path(); }
  const LoraKeys& keys() const { return keys_; }
  const TensorFileHeader& header() const { return file_->header(); }

  /// Reads one module's factors as fp32. Throws EngineException(BadFile) when they do not fit each other.
  LoraLayer load(const LoraKeys::Module& module) const;

 private:
  at::Tensor loadTensor(const std::string& key) const;
  std::shared_ptr<const TensorFile> file_;
  LoraKeys keys_;
};

/// What the headers say; works for every kind, also those that cannot be applied.
LoraInfo inspectLora(const std::filesystem::path& path);

}  // namespace studio::engine
