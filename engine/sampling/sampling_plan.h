#pragma once

#include "engine/api/reproduction_profile.h"
#include "engine/sampling/guidance.h"
#include "engine/sampling/samplers.h"

#include <memory>
#include <optional>
#include <vector>

namespace studio::engine {

/// What a request's choice of sampler, scheduler, steps, guidance and profile comes to for a network with these sigmas.
struct SamplingPlan {
  std::vector<float> sigmas;  ///< the levels to walk, see makeSigmas
  std::unique_ptr<SamplerBase> sampler;
  Guidance guidance;
  double startScale = 0;               ///< the first latent is noise times this
  NoiseRule firstNoise;                ///< generator of the first latent
  std::optional<NoiseRule> stepNoise;  ///< that of the steps' noise, seeded anew; empty: the first one goes on
  std::uint64_t stepSeedDelta = 0;     ///< what its seed is above the first one's
  TrainingSigmas training;             ///< as the Denoiser needs them …
  TimestepRule timesteps = TimestepRule::Fractional;  ///< … and how it finds timesteps in them
  double endScale = 1;                                ///< the last latent times this goes to the VAE
};

/// The state before the first step: the first pictures' noise, seeds `first`, first + 1, …
SamplerState startOf(const SamplingPlan& plan, Seed first, int pictures, at::IntArrayRef pictureShape);

/// `sdxl`: the network is of that family, which has optima of its own for Align Your Steps. `precision` is that of the
/// run.
SamplingPlan planSampling(const GenerationRequest& request, const TrainingSigmas& training = TrainingSigmas(),
                          bool sdxl = false, at::ScalarType precision = at::kFloat);

}  // namespace studio::engine
