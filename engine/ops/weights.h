#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace studio::engine::ops {

using Tensor = at::Tensor;

/// Number format of activations and prepared weights. Statistics, softmax and sums are always fp32.
enum class ComputeFormat { Float32, BFloat16, Float16 };

at::ScalarType scalarType(ComputeFormat format);

/// A weight in the form an operator wants: packed, transformed, quantised. Only the operator looks inside.
class Prepared {
 public:
  virtual ~Prepared() = default;
  /// Memory this form occupies.
  virtual std::int64_t bytes() const = 0;
  /// The tensors it is made of, in an order of its own; none where a library keeps a form that only it can read.
  virtual std::vector<Tensor> pieces() const { return {}; }
  /// The same over other memory; nothing is copied. `pieces` are as many as its own and of their sizes and formats.
  virtual std::shared_ptr<const Prepared> over(std::span<const Tensor> /*pieces*/) const { return nullptr; }
};

/// Where a weight is wanted: in the form that one device's operators work with, in that device's memory or another's.
struct Home {
  Home(at::Device device) : works(device), lies(device) {}   // NOLINT: most weights lie where they work
  Home(at::DeviceType device) : Home(at::Device(device)) {}  // NOLINT: likewise
  static Home onHost(at::Device works) {
    Home home(works);
    home.lies = at::kCPU;
    return home;
  }
  at::Device works, lies;
};

/// Kernel size, stride and zero padding of a convolution, equal in both directions except the padding's far side.
struct Conv2dShape {
  std::int64_t out = 0;
  std::int64_t in = 0;
  std::int64_t kernel = 1;
  std::int64_t stride = 1;
  std::int64_t padding = 0;
  bool padFarSideOnly = false;  ///< zeros only right and below (the VAE encoder's downsampling)
};

struct Conv2dWeights {
  Conv2dShape shape;
  std::shared_ptr<const Prepared> prepared;
};

struct LinearWeights {
  std::int64_t out = 0, in = 0;
  std::shared_ptr<const Prepared> prepared;
};

/// Scale and shift of a group or layer norm, fp32 [C].
struct NormWeights {
  Tensor scale, shift;
  std::int64_t groups = 1;
  double epsilon = 1e-5;
};

/// Table of row vectors in the compute format, [rows, width].
struct EmbeddingWeights {
  Tensor table;
};

}  // namespace studio::engine::ops
