#pragma once

#include "engine/sampling/noise_source.h"

#include <ATen/core/Tensor.h>

#include <string>
#include <string_view>
#include <vector>

namespace studio::engine {

/// Everything a sampler carries from step to step. Tensors are never changed in place, so a copy is a cheap and
/// complete snapshot.
struct SamplerState {
  int step = 0;                     ///< steps done
  at::Tensor x;                     ///< noisy latent, fp32, x = picture + sigma · noise          // [B, C, h, w]
  std::vector<at::Tensor> history;  ///< each sampler's own; fp32, shaped like x
  std::vector<double> numbers;      ///< each sampler's own
  NoiseSource noise;
};

/// The state before the first step: noise × sigmaMax.
SamplerState startFromNoise(NoiseSource noise, at::IntArrayRef pictureShape, float sigmaMax);

/// Bytes that `deserialise` turns into an equal state with its tensors on the CPU. Little endian.
std::string serialise(const SamplerState& state);

/// Throws EngineException(BadFile) when the bytes are not a state; never allocates more than the bytes hold.
SamplerState deserialise(std::string_view bytes);

}  // namespace studio::engine
