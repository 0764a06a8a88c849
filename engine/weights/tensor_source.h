#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>
#include <vector>

namespace studio::engine {

/// Gives out a network's raw tensors by their canonical names (diffusers' names, without the part's prefix).
/// Behind it may be files, random numbers, or another source with LoRAs added.
class TensorSource {
 public:
  virtual ~TensorSource() = default;

  /// Shape of a tensor, or null when there is none of that name.
  virtual const std::vector<std::int64_t>* shapeOf(const std::string& name) const = 0;

  /// The tensor on the host, contiguous, in the number format it is stored in. The name must exist.
  /// Throws EngineException(BadFile) when the file cannot be read.
  virtual at::Tensor load(const std::string& name) const = 0;

  /// Whether the tensor is stored in a compact format (fp8, GGUF blocks), so that keeping it as it is stored and
  /// expanding it for each use takes less memory than keeping what was made of it. The name must exist.
  virtual bool isCompact(const std::string& /*name*/) const { return false; }

  /// Keeps the tensor's stored bytes in memory; load() takes them from there from then on. The name must exist.
  /// Engine thread only. Throws EngineException(BadFile).
  virtual void hold(const std::string& /*name*/) const {}

  /// Ends hold(). Engine thread only.
  virtual void release(const std::string& /*name*/) const {}

  /// What hold() would keep. Parts of one stored tensor count with the first of them. The name must exist.
  virtual std::int64_t storedBytes(const std::string& /*name*/) const { return 0; }

  virtual std::vector<std::string> names() const = 0;

  bool has(const std::string& name) const { return shapeOf(name) != nullptr; }
};

}  // namespace studio::engine
