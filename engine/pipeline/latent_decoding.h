#pragma once

#include "engine/api/image_io.h"
#include "engine/pipeline/job_context.h"
#include "engine/pipeline/loaded_model.h"
#include "engine/pipeline/recovery.h"

#include <ATen/core/Tensor.h>

#include <filesystem>

namespace studio::engine {

/// A final latent that was kept, for one model's VAE.
struct KeptLatent {
  at::Tensor latent;         ///< [1, C, h, w] fp32
  PixelSize size;            ///< of its picture
  PictureMetadata metadata;  ///< its own words, with the files that are used now in its own's place
};

/// `request` names the files that are used now. Throws EngineException.
KeptLatent readKeptLatent(const LoadedModel& model, const std::filesystem::path& file,
                          const GenerationRequest& request);

/// Makes its picture with this model's VAE and puts it on disk. Engine thread only. Throws EngineException, Cancelled.
void decodeKeptLatent(LoadedModel& model, KeptLatent kept, Recovery& recovery, const JobContext& context);

}  // namespace studio::engine
