#pragma once

#include "engine/api/image_io.h"
#include "engine/api/reproduction_profile.h"
#include "engine/pipeline/job_context.h"
#include "engine/pipeline/loaded_model.h"
#include "engine/pipeline/picture_hashes.h"

#include <ctime>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace studio::engine {

/// Local time as {date} in the names of pictures: "2026-11-21-153042".
std::string localDate(std::time_t time);

/// Puts a job's pictures on disk with everything needed to make them again, and reports each.
class PictureWriter {
 public:
  /// Makes the output folder. Throws EngineException(CannotWrite) when it cannot be written to: to be called before the
  /// work, so that nobody waits for a picture that has no place.
  static void prepareFolder(const GenerationRequest& request, Seed seed, const JobContext& context);

  PictureWriter(const LoadedModel& model, const GenerationRequest& request, Seed seed, const JobContext& context);

  /// A textual inversion that the prompts name; `file` may be empty. Throws Cancelled.
  void nameEmbedding(const std::string& name, const std::filesystem::path& file);

  /// What was done when memory ran out, up to now.
  void nameRungs(const std::vector<Sentence>& rungs);

  /// When the job keeps its latents: puts the one of picture `index` on disk, beside the picture to come.
  /// `latent` [1, C, h, w], scaled. A failure is kept for throwIfFailed.
  void keepLatent(const at::Tensor& latent, int index);

  /// Picture `index` of the job. When its place fails after all (a full disk), the picture goes to a rescue folder and
  /// is reported from there; the failure is kept for throwIfFailed, so that the rest of the batch is not lost.
  /// The first call may wait for the files' hashes. Throws Cancelled.
  /// Returns whether it is on disk now.
  bool write(const Image& image, int index);

  /// After a batch. Throws EngineException(CannotWrite) that says where the pictures are when any has not come to its
  /// place.
  void throwIfFailed() const;

 private:
  void describe(int index);
  std::filesystem::path pathFor(int index, Seed seed) const;
  /// The path that stays when the job went on after it had been ended right after writing this very file.
  std::filesystem::path withoutSecond(const std::filesystem::path& written, const std::filesystem::path& wanted) const;
  std::optional<std::filesystem::path> rescue(const Image& image, const std::filesystem::path& path) const;
  void noteFailure(const EngineError& error);

  const JobContext& context_;
  PictureMetadata metadata_;
  BackgroundFileHashes hashes_;
  ReproductionProfile rows_;
  Seed seed_;
  std::string date_;
  std::optional<EngineError> failure_;  ///< the first
  std::vector<std::filesystem::path> rescued_;
};

}  // namespace studio::engine
