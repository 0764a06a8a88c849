#pragma once

#include "engine/pipeline/job_context.h"
#include "engine/pipeline/loaded_model.h"

#include <filesystem>

namespace studio::engine {

/// Makes the picture of a kept latent with this model's VAE and puts it on disk, with what the latent says of itself.
/// `request` names the files that are used now. Engine thread only. Throws EngineException, Cancelled,
/// c10::OutOfMemoryError.
void decodeKeptLatent(LoadedModel& model, const std::filesystem::path& file, const GenerationRequest& request,
                      const JobContext& context);

}  // namespace studio::engine
