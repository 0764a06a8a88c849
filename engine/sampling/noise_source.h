#pragma once

#include "engine/api/units.h"

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

namespace studio::engine {

/// Where randomness comes from: one torch CPU generator (mt19937) per picture, so that a picture's numbers depend
/// neither on its company nor on the hardware. Picture i draws what
/// torch.randn(shape, generator=torch.Generator("cpu").manual_seed(seed + i)) gives, draw after draw.
/// A value: copies go on independently from the same place. Used by one thread at a time.
class NoiseSource {
 public:
  NoiseSource() = default;
  /// Seeds first, first+1, … (modulo 2^64).
  NoiseSource(Seed first, int pictures);
  NoiseSource(const NoiseSource& other);
  NoiseSource& operator=(const NoiseSource& other);
  NoiseSource(NoiseSource&&) noexcept = default;
  NoiseSource& operator=(NoiseSource&&) noexcept = default;
  ~NoiseSource() = default;

  int pictures() const { return static_cast<int>(generators_.size()); }

  /// Standard normal numbers, fp32 on the CPU, one draw of `pictureShape` (usually [4, h, w]) per picture.  // [B, …]
  at::Tensor draw(at::IntArrayRef pictureShape);

  /// The generators' states as bytes, one string per picture, and the way back.
  /// Throws EngineException(BadFile) when a state is not one of torch's CPU generator.
  std::vector<std::string> states() const;
  static NoiseSource fromStates(const std::vector<std::string>& states);

 private:
  std::vector<at::Generator> generators_;
};

}  // namespace studio::engine
