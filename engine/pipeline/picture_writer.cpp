#include "engine/pipeline/picture_writer.h"

#include "engine/api/engine_factory.h"
#include "engine/image/studio_json.h"
#include "engine/pipeline/companion_files.h"
#include "engine/pipeline/job_journal.h"
#include "engine/pipeline/latent_file.h"
#include "engine/pipeline/rescue_folder.h"
#include "engine/pipeline/twin_file.h"

#include <array>
#include <ctime>
#include <system_error>
#include <utility>

#include <unistd.h>

namespace studio::engine {
namespace {

void makeWritable(const std::filesystem::path& folder) {
  std::error_code failed, unknown;
  if (!folder.empty()) std::filesystem::create_directories(folder, failed);
  const std::filesystem::path place = folder.empty() ? std::filesystem::path(".") : folder;
  if (std::filesystem::is_directory(place, unknown) && ::access(place.c_str(), W_OK) == 0) return;
  throw EngineException(ErrorKind::CannotWrite,
                        sentence("The folder for the pictures cannot be written to: %1.", utf8FromPath(place)),
                        failed ? failed.message() : unknown.message());
}

}  // namespace

std::string localDate(std::time_t time) {
  std::tm parts{};
  ::localtime_r(&time, &parts);
  std::array<char, 32> text{};
  const std::size_t length = std::strftime(text.data(), text.size(), "%Y-%m-%d-%H%M%S", &parts);
  return {text.data(), length};
}

void PictureWriter::prepareFolder(const GenerationRequest& request, Seed seed, const JobContext& context) {
  makeWritable(outputPath(context.output.pattern, 0, request.batchSize * request.batchCount, seed,
                          modelNameOf(request.model), localDate(context.started))
                   .parent_path());
}

PictureWriter::PictureWriter(const LoadedModel& model, const GenerationRequest& request, Seed seed,
                             const JobContext& context)
    : context_(context),
      hashes_(model.path(), model.lorasInUse(), context.options.cacheFolder),
      rows_(reproductionProfile(request)),
      seed_(seed),
      date_(localDate(context.started)) {
  metadata_.request = request;
  metadata_.request.batchCount = 1;
  // Pictures that share a generator are made again together.
  if (!rows_.noiseOfBatch) metadata_.request.batchSize = 1;
  metadata_.batchSize = request.batchSize;
  metadata_.batchCount = request.batchCount;
  metadata_.modelName = model.name();
  metadata_.precision = idOf(precisionOf(model.recipe().format));
  metadata_.engineVersion = engineVersion();
}

std::filesystem::path PictureWriter::pathFor(int index, Seed seed) const {
  const int pictures = metadata_.batchSize * metadata_.batchCount;
  return outputPath(context_.output.pattern, index, pictures, seed, metadata_.modelName, date_);
}

void PictureWriter::describe(int index) {
  metadata_.request.seed = seedOfPicture(rows_, seed_, index, metadata_.batchSize);
  metadata_.index = index;
  FileHashes hashes = hashes_.get(context_.stop);
  metadata_.modelHash = std::move(hashes.model);
  metadata_.loraHashes = std::move(hashes.loras);
}

void PictureWriter::nameEmbedding(const std::string& name, const std::filesystem::path& file) {
  NamedHash hash = embeddingHash(name, file, context_.options.cacheFolder, context_.stop);
  if (!hash.hash.empty()) metadata_.embeddingHashes.push_back(std::move(hash));
}

void PictureWriter::nameRungs(const std::vector<Sentence>& rungs) {
  metadata_.rungs.clear();
  for (const Sentence& rung : rungs) metadata_.rungs.push_back(rung.text());
}

void PictureWriter::keepLatent(const at::Tensor& latent, int index) {
  if (!context_.output.keepLatents) return;
  describe(index);
  const auto path = pathFor(index, *metadata_.request.seed).replace_extension(".latent.safetensors");
  try {
    withoutSecond(writeLatent(latent, studioJson(metadata_), path), path);
  } catch (const EngineException& error) {
    noteFailure(error.error());
  }
}

bool PictureWriter::write(const Image& image, int index) {
  describe(index);
  const Seed seed = *metadata_.request.seed;
  const auto path = pathFor(index, seed);
  const Result<std::filesystem::path> written = writePicture(image, metadata_, path, context_.output.quality);
  if (written) {
    context_.emit(ImageFinished{context_.job, index, withoutSecond(written.value(), path), seed, image});
    return true;
  }
  noteFailure(written.error());
  const auto rescued = rescue(image, path);
  if (!rescued) return false;
  rescued_.push_back(*rescued);
  context_.emit(ImageFinished{context_.job, index, *rescued, seed, image});
  return true;
}

std::filesystem::path PictureWriter::withoutSecond(const std::filesystem::path& written,
                                                   const std::filesystem::path& wanted) const {
  return context_.journal->mayBeOnDisk() ? withoutTwin(written, wanted, context_.started) : written;
}

std::optional<std::filesystem::path> PictureWriter::rescue(const Image& image,
                                                           const std::filesystem::path& path) const {
  for (const std::filesystem::path& folder : rescueFolders()) {
    const auto saved = writePicture(image, metadata_, folder / path.filename(), context_.output.quality);
    if (saved) return saved.value();
  }
  return std::nullopt;
}

void PictureWriter::noteFailure(const EngineError& error) {
  if (!failure_) failure_ = error;
}

void PictureWriter::throwIfFailed() const {
  if (!failure_) return;
  if (rescued_.empty()) throw EngineException(*failure_);
  const std::string detail = failure_->message + (failure_->detail.empty() ? "" : " " + failure_->detail);
  if (rescued_.size() == 1) {
    throw EngineException(
        failure_->kind,
        sentence("The picture could not be written to its folder; it was saved as %1.", utf8FromPath(rescued_.front())),
        detail);
  }
  throw EngineException(failure_->kind,
                        sentence("%1 pictures could not be written to their folder; they were saved in %2.",
                                 rescued_.size(), utf8FromPath(rescued_.front().parent_path())),
                        detail);
}

}  // namespace studio::engine
