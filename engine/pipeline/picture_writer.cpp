#include "engine/pipeline/picture_writer.h"

#include "engine/api/engine_factory.h"
#include "engine/image/studio_json.h"
#include "engine/pipeline/latent_file.h"

#include <array>
#include <ctime>
#include <system_error>

#include <unistd.h>

namespace studio::engine {
namespace {

/// Local time as "2026-11-21-153042".
std::string localDate() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::localtime_r(&now, &parts);
  std::array<char, 32> text{};
  const std::size_t length = std::strftime(text.data(), text.size(), "%Y-%m-%d-%H%M%S", &parts);
  return {text.data(), length};
}

void makeWritable(const std::filesystem::path& folder) {
  std::error_code failed;
  if (!folder.empty()) std::filesystem::create_directories(folder, failed);
  const std::filesystem::path place = folder.empty() ? std::filesystem::path(".") : folder;
  if (std::filesystem::is_directory(place) && ::access(place.c_str(), W_OK) == 0) return;
  throw EngineException(ErrorKind::CannotWrite,
                        sentence("The folder for the pictures cannot be written to: %1.", utf8FromPath(place)),
                        failed ? failed.message() : std::string());
}

}  // namespace

PictureWriter::PictureWriter(const LoadedModel& model, const GenerationRequest& request, Seed seed,
                             const JobContext& context)
    : context_(context), modelHash_(model.path(), context.options.cacheFolder), seed_(seed), date_(localDate()) {
  metadata_.request = request;
  metadata_.request.batchSize = metadata_.request.batchCount = 1;
  metadata_.batchSize = request.batchSize;
  metadata_.batchCount = request.batchCount;
  metadata_.modelName = model.name();
  metadata_.precision = idOf(precisionOf(model.recipe().format));
  metadata_.engineVersion = engineVersion();
  makeWritable(pathFor(0, seed).parent_path());
}

std::filesystem::path PictureWriter::pathFor(int index, Seed seed) const {
  const int pictures = metadata_.batchSize * metadata_.batchCount;
  return outputPath(context_.output.pattern, index, pictures, seed, metadata_.modelName, date_);
}

void PictureWriter::describe(int index) {
  metadata_.request.seed = Seed{seed_.value + static_cast<std::uint64_t>(index)};
  metadata_.index = index;
  metadata_.modelHash = modelHash_.get(context_.stop);
}

void PictureWriter::keepLatent(const at::Tensor& latent, int index) {
  if (!context_.output.keepLatents) return;
  describe(index);
  writeLatent(latent, studioJson(metadata_),
              pathFor(index, *metadata_.request.seed).replace_extension(".latent.safetensors"));
}

void PictureWriter::write(const Image& image, int index) {
  describe(index);
  const Seed seed = *metadata_.request.seed;
  const auto path = pathFor(index, seed);
  const Result<std::filesystem::path> written = writePicture(image, metadata_, path, context_.output.quality);
  if (!written) rescue(image, path, written.error());
  context_.emit(ImageFinished{context_.job, index, written.value(), seed, image});
}

void PictureWriter::rescue(const Image& image, const std::filesystem::path& path, const EngineError& error) const {
  std::error_code failed;
  const auto folder = std::filesystem::temp_directory_path(failed) / "kiln-studio-pictures";
  std::filesystem::create_directories(folder, failed);
  const auto saved = writePicture(image, metadata_, folder / path.filename(), context_.output.quality);
  if (!saved) throw EngineException(error);
  throw EngineException(
      error.kind,
      sentence("The picture could not be written to its folder; it was saved as %1.", utf8FromPath(saved.value())),
      error.message + (error.detail.empty() ? "" : " " + error.detail));
}

}  // namespace studio::engine
