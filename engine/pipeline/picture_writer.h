#pragma once

#include "engine/api/image_io.h"
#include "engine/pipeline/job_context.h"
#include "engine/pipeline/loaded_model.h"

#include <string>

namespace studio::engine {

/// Puts a job's pictures on disk with everything needed to make them again, and reports each.
class PictureWriter {
 public:
  PictureWriter(const LoadedModel& model, const GenerationRequest& request, Seed seed, const JobContext& context);

  /// Picture `index` of the job. Throws EngineException(CannotWrite).
  void write(const Image& image, int index);

 private:
  const JobContext& context_;
  PictureMetadata metadata_;
  Seed seed_;
  std::string date_;
};

}  // namespace studio::engine
