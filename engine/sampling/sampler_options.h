#pragma once

#include "engine/sampling/noise_source.h"
#include "engine/sampling/training_sigmas.h"

#include <limits>

namespace studio::engine {

/// What a sampler can be told beside the sigmas. Each looks at what it knows and ignores the rest.
struct SamplerOptions {
  double eta = 1;      ///< ancestral and SDE samplers: part of the noise that is fresh at each step, 0 to 1
  double ddimEta = 0;  ///< the same for DDIM
  double sNoise = 1;   ///< factor on fresh noise
  double sChurn = 0;   ///< Karras et al. 2022, algorithm 2: noise added before a step, in all the steps together …
  double sTmin = 0;    ///< … while sigma is from here …
  double sTmax = std::numeric_limits<double>::infinity();  ///< … to here
  bool brownian = true;                 ///< DPM++ SDE family: noise is a Brownian path in sigma, not one draw a step
  NoiseRule brownianNoise;              ///< the generator of that path
  std::uint64_t brownianSeedDelta = 0;  ///< what the seeds of the state's noise are above the path's
  TrainingSigmas training = TrainingSigmas();  ///< for samplers that think in training timesteps
};

}  // namespace studio::engine
