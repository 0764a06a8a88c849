#pragma once

#include "engine/api/image_io.h"
#include "engine/pipeline/job_context.h"
#include "engine/pipeline/loaded_model.h"
#include "engine/pipeline/model_hash.h"

#include <string>

namespace studio::engine {

/// Puts a job's pictures on disk with everything needed to make them again, and reports each.
class PictureWriter {
 public:
  /// Makes the output folder. Throws EngineException(CannotWrite) when it cannot be written to, so that nobody waits
  /// for a picture that has no place.
  PictureWriter(const LoadedModel& model, const GenerationRequest& request, Seed seed, const JobContext& context);

  /// When the job keeps its latents: puts the one of picture `index` on disk, beside the picture to come.
  /// `latent` [1, C, h, w], scaled. Throws EngineException(CannotWrite).
  void keepLatent(const at::Tensor& latent, int index);

  /// Picture `index` of the job. When its place fails after all (a full disk), the picture goes to the system's folder
  /// for temporary files and EngineException(CannotWrite) says where. The first call may wait for the model's hash.
  /// Throws Cancelled.
  void write(const Image& image, int index);

 private:
  void describe(int index);
  std::filesystem::path pathFor(int index, Seed seed) const;
  [[noreturn]] void rescue(const Image& image, const std::filesystem::path& path, const EngineError& error) const;

  const JobContext& context_;
  PictureMetadata metadata_;
  BackgroundModelHash modelHash_;
  Seed seed_;
  std::string date_;
};

}  // namespace studio::engine
