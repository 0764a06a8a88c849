#include "engine/pipeline/picture_writer.h"

#include "engine/api/engine_factory.h"
#include "engine/pipeline/model_hash.h"

#include <array>
#include <ctime>

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

}  // namespace

PictureWriter::PictureWriter(const LoadedModel& model, const GenerationRequest& request, Seed seed,
                             const JobContext& context)
    : context_(context), seed_(seed), date_(localDate()) {
  metadata_.request = request;
  metadata_.request.batchSize = metadata_.request.batchCount = 1;
  metadata_.batchSize = request.batchSize;
  metadata_.batchCount = request.batchCount;
  metadata_.modelName = model.name();
  metadata_.modelHash = modelHash(model.path(), context.options.cacheFolder, context.stop);
  metadata_.precision = idOf(precisionOf(model.recipe().format));
  metadata_.engineVersion = engineVersion();
}

void PictureWriter::write(const Image& image, int index) {
  const Seed seed{seed_.value + static_cast<std::uint64_t>(index)};
  metadata_.request.seed = seed;
  metadata_.index = index;
  const auto path = outputPath(context_.output.pattern, index, metadata_.batchSize * metadata_.batchCount, seed,
                               metadata_.modelName, date_);
  const Result<std::filesystem::path> written = writePicture(image, metadata_, path, context_.output.quality);
  if (!written) throw EngineException(written.error().kind, written.error().message, written.error().detail);
  context_.emit(ImageFinished{context_.job, index, written.value(), seed, image});
}

}  // namespace studio::engine
