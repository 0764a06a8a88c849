#pragma once

#include "engine/ops/weights.h"

namespace studio::engine::ops {

/// What a short trial shows of the processor's speed with networks.
struct CpuSpeed {
  double secondsPerMultiplication = 0;  ///< in a large block of a network, with all that is no multiplication
  double secondsPerBlock = 0;           ///< on top, of each block, however small it is
};

/// Times a residual block and a transformer of SD 1.5's proportions (Rombach et al. 2022), large and tiny, on the CPU
/// with the current number of threads: some 0.3 s. Engine thread, or another that has no other work.
CpuSpeed measureCpuSpeed(ComputeFormat format);

}  // namespace studio::engine::ops
