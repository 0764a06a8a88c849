#pragma once

#include "engine/api/generation_request.h"
#include "engine/api/units.h"

#include <cstdint>

namespace studio::engine {

/// What a job cannot be begun with. All throw EngineException(BadRequest).
void refuseWrong(const GenerationRequest& request);
/// Prompts of more chunks than any encoder is asked to read.
void refuseLongPrompts(const GenerationRequest& request);
/// The latent has whole cells only, of so many pixels a side.
void refuseBrokenCells(PixelSize size, std::int64_t cell);

}  // namespace studio::engine
