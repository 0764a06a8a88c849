#pragma once

#include "engine/api/sentence.h"
#include "engine/ops/weights.h"

namespace studio::engine::ops {

/// What a short measurement of this processor says about number formats.
struct PrecisionChoice {
  ComputeFormat format = ComputeFormat::Float32;
  Sentence reason;  ///< for people, with the figures
};

/// Times a 3x3 convolution and a linear layer of a diffusion network in fp32 and bf16 on the CPU with the current
/// number of threads (about 200 ms; at once where bf16 has no instructions) and takes bf16 when it is clearly faster.
/// Engine thread; the result differs between runs only when the two are close.
PrecisionChoice measureCpuPrecision();

/// Seconds of one multiplication on a GPU, by a large product of matrices (about 100 ms). Engine thread.
double measureGpuSecondsPerMultiplication(ComputeFormat format, at::Device device);

}  // namespace studio::engine::ops
