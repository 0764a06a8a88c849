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
  bool ofBatch = false;                 ///< one generator, whose draws are of all pictures at once
  at::ScalarType drawnAs = at::kFloat;  ///< number format of a draw; or kHalf, kBFloat16
};

/// The first numbers of a generator with this seed, fp32 on the CPU.
at::Tensor seededNoise(std::uint64_t seed, at::IntArrayRef shape, const NoiseRule& rule = {});

/// Where randomness comes from: one generator per picture, so that a picture's numbers depend
/// neither on its company nor on the hardware. Picture i draws what
/// torch.randn(shape, generator=torch.Generator("cpu").manual_seed(seed + i)) gives, draw after draw, or with
/// "cuda" in the rule's place. With a generator of the batch, picture i is part i of what
/// torch.randn([pictures, *shape], …manual_seed(seed)) gives.
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

  int pictures() const { return pictures_; }
  const std::vector<std::uint64_t>& seeds() const { return seeds_; }  ///< one per generator

  /// Standard normal numbers, fp32 on the CPU, one draw of `pictureShape` (usually [4, h, w]) per picture.  // [B, …]
  at::Tensor draw(at::IntArrayRef pictureShape);

  /// What makes one generator's draws go on: its seed and its state as bytes.
  struct GeneratorState {
    std::uint64_t seed = 0;
    std::string generator;
  };
  /// What makes a source's draws go on.
  struct State {
    std::uint32_t pictures = 0;
    std::uint32_t format = 0;                ///< of the draws: 0 fp32, 1 fp16, 2 bf16
    std::vector<GeneratorState> generators;  ///< one for each picture, or one for all
  };

  State state() const;
  /// Throws EngineException(BadFile) when a state is not one of these generators.
  static NoiseSource fromState(const State& state);

 private:
  int pictures_ = 0;
  std::vector<std::uint64_t> seeds_;
  NoiseRule rule_;
  std::uint32_t calls_ = 0;                ///< of Philox
  std::vector<at::Generator> generators_;  ///< of the CPU
};

}  // namespace studio::engine
