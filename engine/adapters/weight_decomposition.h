#pragma once

#include "engine/adapters/adapter_factors.h"

namespace studio::engine {

/// DoRA, weight-decomposed low-rank adaptation (Liu et al. 2024, section 4): the change gives the direction of a
/// weight, a trained magnitude its length, for each output (PEFT, kohya) or each input (the paper, LyCORIS' default).
bool isDecomposed(const AdapterFactors& factors);

/// `weight` [out, in, …] scaled so that every output or every input has the magnitude of the file.
/// Throws EngineException(BadFile) when there are neither as many magnitudes as outputs nor as inputs.
at::Tensor withMagnitude(const at::Tensor& weight, const AdapterFactors& factors);

}  // namespace studio::engine
