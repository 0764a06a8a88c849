#pragma once

#include "engine/memory/weight_lease.h"
#include "engine/ops/footprint.h"
#include "engine/weights/tensor_source.h"

#include <cstdint>
#include <span>
#include <vector>

/// One weight of a network's table in the form its operator wants.
namespace studio::engine {

/// Reads the weight and prepares it. What a file gives lies in the host's pool until then; for a device that only knows
/// shapes nothing is read. Throws EngineException(BadFile), c10::OutOfMemoryError.
PlacedWeight placeWeight(const WeightEntry& entry, const TensorSource& source, ops::ComputeFormat format,
                         const ops::Home& home);

std::int64_t bytesOf(const PlacedWeight& weight);

/// See ops/weight_pieces.h.
std::vector<at::Tensor> piecesOf(const PlacedWeight& weight);
PlacedWeight over(const PlacedWeight& weight, std::span<const at::Tensor> pieces);

/// Room for all of a block's pieces in one stretch of memory, each aligned: of what they take when they are prepared
/// for the device of the footprint, or somewhat more.
std::int64_t stretchFor(const WeightTable& table, int block, ops::ComputeFormat format,
                        const ops::FootprintTable& footprint);

}  // namespace studio::engine
