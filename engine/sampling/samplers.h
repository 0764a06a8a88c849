#pragma once

#include "engine/api/choices.h"
#include "engine/sampling/denoiser.h"
#include "engine/sampling/sampler_state.h"

#include <memory>
#include <span>

namespace studio::engine {

/// An algorithm that walks the sigmas, one step at a time. Has no state of its own: all of it, randomness included,
/// is in the SamplerState. Arithmetic in fp32.
class SamplerBase {
 public:
  virtual ~SamplerBase() = default;

  /// One step from sigmas[state.step] to sigmas[state.step + 1]; changes x, history and noise, not `step`.
  /// `sigmas` descends and ends with 0. Whatever `denoise` throws passes through; the state is then undefined.
  virtual void step(SamplerState& state, const DenoiseFunction& denoise, std::span<const float> sigmas) const = 0;

  /// How often `step` calls `denoise` at this step.
  virtual int networkCalls(int step, std::span<const float> sigmas) const;
};

/// The one table of samplers.
std::unique_ptr<SamplerBase> makeSampler(Sampler sampler);

}  // namespace studio::engine
