#pragma once

#include "engine/api/choices.h"
#include "engine/sampling/denoiser.h"
#include "engine/sampling/sampler_options.h"
#include "engine/sampling/sampler_state.h"

#include <memory>
#include <span>

namespace studio::engine {

/// An algorithm that walks the sigmas, one step at a time. Has no state of its own: all of it, randomness included,
/// is in the SamplerState. Arithmetic in fp32, coefficients in double.
class SamplerBase {
 public:
  virtual ~SamplerBase() = default;

  /// One step; for most samplers from sigmas[state.step] to sigmas[state.step + 1]. Changes x, history, numbers and
  /// noise, not `step`. `sigmas` descends and nearly always ends with 0. Whatever `denoise` throws passes through; the
  /// state is then undefined.
  virtual void step(SamplerState& state, const DenoiseFunction& denoise, std::span<const float> sigmas) const = 0;

  /// How many steps are to come; an estimate (but 0 exactly at the end) where the sampler chooses its own.
  virtual int stepsLeft(const SamplerState& state, std::span<const float> sigmas) const;

  /// How often `step` calls `denoise` at this step.
  virtual int networkCalls(int step, std::span<const float> sigmas) const;

  /// True when the sampler reads Estimate::negative, which must then be computed even at guidance scale 1.
  virtual bool readsNegative() const;
};

/// The one table of samplers.
std::unique_ptr<SamplerBase> makeSampler(Sampler sampler, const SamplerOptions& options = SamplerOptions());

}  // namespace studio::engine
