#pragma once

#include "engine/api/units.h"

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

namespace studio::engine {

/// Which generator makes the numbers: torch's of the CPU (mt19937) or that of an NVIDIA card with `threads` threads at
/// work, see philox.h.
struct NoiseRule {
  bool philox = false;
  std::int64_t threads = 0;
};

/// The first numbers of a generator with this seed, fp32 on the CPU.
at::Tensor seededNoise(std::uint64_t seed, at::IntArrayRef shape, const NoiseRule& rule = {});

/// Where randomness comes from: one generator per picture, so that a picture's numbers depend
/// neither on its company nor on the hardware. Picture i draws what
/// torch.randn(shape, generator=torch.Generator("cpu").manual_seed(seed + i)) gives, draw after draw, or with
/// "cuda" in the rule's place.
/// A value: copies go on independently from the same place. Used by one thread at a time.
class NoiseSource {
 public:
  NoiseSource() = default;
  /// Seeds first, first+1, … (modulo 2^64).
  NoiseSource(Seed first, int pictures, NoiseRule rule = {});
  NoiseSource(const NoiseSource& other);
  NoiseSource& operator=(const NoiseSource& other);
  NoiseSource(NoiseSource&&) noexcept = default;
  NoiseSource& operator=(NoiseSource&&) noexcept = default;
  ~NoiseSource() = default;

  int pictures() const { return static_cast<int>(seeds_.size()); }
  const std::vector<std::uint64_t>& seeds() const { return seeds_; }  ///< one per picture

  /// Standard normal numbers, fp32 on the CPU, one draw of `pictureShape` (usually [4, h, w]) per picture.  // [B, …]
  at::Tensor draw(at::IntArrayRef pictureShape);

  /// What makes one picture's draws go on: its seed and its generator's state as bytes.
  struct PictureState {
    std::uint64_t seed = 0;
    std::string generator;
  };

  /// Throws EngineException(BadFile) when a state is not one of these generators.
  std::vector<PictureState> states() const;
  static NoiseSource fromStates(const std::vector<PictureState>& states);

 private:
  std::vector<std::uint64_t> seeds_;
  NoiseRule rule_;
  std::uint32_t calls_ = 0;                ///< of Philox
  std::vector<at::Generator> generators_;  ///< of the CPU
};

}  // namespace studio::engine
