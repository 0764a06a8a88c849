#include "engine/pipeline/latent_decoding.h"

#include "engine/api/engine_factory.h"
#include "engine/api/image_io.h"
#include "engine/api/reproduction_profile.h"
#include "engine/ops/ops.h"
#include "engine/pipeline/finite_guard.h"
#include "engine/pipeline/latent_file.h"
#include "engine/pipeline/picture_writer.h"
#include "engine/pipeline/pixels.h"
#include "engine/pipeline/recovery.h"

#include <utility>

namespace studio::engine {
namespace {

/// The latent's own words, with the file that is used now in the model's place.
PictureMetadata metadataOf(const std::filesystem::path& file, const LoadedModel& model,
                           const GenerationRequest& request) {
  const Result<PictureInfo> info = readPictureInfo(file);
  if (!info) throw EngineException(info.error());
  PictureMetadata metadata;
  applyPatch(info.value().request, metadata.request);
  metadata.request.model = request.model;
  if (!request.vae.empty()) metadata.request.vae = request.vae;
  metadata.modelName = model.name();
  if (info.value().modelName == model.name()) metadata.modelHash = info.value().modelHash;
  for (const NamedHash& hash : info.value().fileHashes)
    (hash.kind == "lora" ? metadata.loraHashes : metadata.embeddingHashes).push_back(hash);
  metadata.precision = idOf(precisionOf(model.recipe().format));
  metadata.engineVersion = engineVersion();
  return metadata;
}

at::Tensor latentFor(const LoadedModel& model, const std::filesystem::path& file) {
  at::Tensor latent = readLatent(file);
  const std::int64_t channels = model.vae().module->latentChannels();
  if (latent.size(1) == channels) return latent;
  throw EngineException(
      ErrorKind::WrongFamily,
      sentence("The latent has %1 channels, and the VAE of this model takes %2.", latent.size(1), channels));
}

PixelSize sizeOf(const at::Tensor& latent, const LoadedModel& model) {
  const auto scale = static_cast<int>(model.vae().module->scaleFactor());
  return {static_cast<int>(latent.size(3)) * scale, static_cast<int>(latent.size(2)) * scale};
}

/// In a smaller way where memory runs out.                                                         // -> [1, 3, H, W]
at::Tensor decoded(LoadedModel& model, const at::Tensor& latent, Recovery& recovery, const JobContext& context) {
  const PhaseScope phase(context, Phase::Decode);
  while (true) {
    recovery.enter(Phase::Decode);
    const at::Tensor pixels = recovery.during(Phase::Decode, [&] {
      BlockRunner runner = model.vae().runner(context.stop);
      const at::Tensor placed = ops::place(latent, runner.format(), runner.device());
      return ops::readBack(model.vae().module->decode(runner, placed, recovery.plan().decode));
    });
    if (FiniteGuard::isFinite(pixels)) return pixels;
    FiniteGuard(recovery, nullptr, context).widen(model, Part::Vae);
  }
}

}  // namespace

KeptLatent readKeptLatent(const LoadedModel& model, const std::filesystem::path& file,
                          const GenerationRequest& request) {
  PictureMetadata metadata = metadataOf(file, model, request);
  at::Tensor latent = latentFor(model, file);
  const PixelSize size = sizeOf(latent, model);
  return {std::move(latent), size, std::move(metadata)};
}

void decodeKeptLatent(LoadedModel& model, KeptLatent kept, Recovery& recovery, const JobContext& context) {
  const at::Tensor pixels = decoded(model, kept.latent, recovery, context);
  PictureMetadata& metadata = kept.metadata;
  for (const Sentence& rung : recovery.rungs()) metadata.rungs.push_back(rung.text());
  const PhaseScope phase(context, Phase::Write);
  const Seed seed = metadata.request.seed.value_or(Seed{});
  const Image image = imageFromPixels(pixels.select(0, 0), reproductionProfile(metadata.request).rounding);
  const auto path = outputPath(context.output.pattern, 0, 1, seed, metadata.modelName, localDate(context.started));
  const auto written = writePicture(image, metadata, path, context.output.quality);
  if (!written) throw EngineException(written.error());
  context.emit(ImageFinished{context.job, 0, written.value(), seed, image});
}

}  // namespace studio::engine
