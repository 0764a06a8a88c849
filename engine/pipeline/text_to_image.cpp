#include "engine/pipeline/text_to_image.h"

#include "engine/ops/ops.h"
#include "engine/pipeline/job_journal.h"
#include "engine/pipeline/latent_rgb_cache.h"
#include "engine/pipeline/pixels.h"
#include "engine/pipeline/refiner_handover.h"
#include "engine/sampling/not_finite.h"
#include "engine/sampling/run_sampler.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/ones.h>

#include <chrono>
#include <utility>

namespace studio::engine {
namespace {

/// An inpainting network asked for a whole new picture: everything is masked and the picture beneath is grey.
BareNetwork withEmptyMask(BareNetwork network, at::Tensor grey) {
  return [network = std::move(network), grey = std::move(grey)](const at::Tensor& x, const at::Tensor& timesteps,
                                                                const UNetConditioning& conditioning) {
    const at::Tensor mask = at::ones({x.size(0), 1, x.size(2), x.size(3)}, x.options());
    return network(at::cat({x, mask, grey.expand({x.size(0), -1, -1, -1})}, 1), timesteps, conditioning);
  };
}

/// Ends the steps of a batch that is only to be shown.
struct HalfMade {
  at::Tensor estimate;  ///< of the finished latent, as the last step had it
};

TrainingSigmas trainingSigmasOf(const LoadedModel& model, ZeroTerminalSnr wanted) {
  if (const auto& edm = model.recognition().edm)
    return TrainingSigmas::edm(edm->noise.smallest, edm->noise.largest, edm->noise.dataDeviation);
  const bool zero =
      wanted == ZeroTerminalSnr::Automatic ? model.recognition().zeroTerminalSnr : wanted == ZeroTerminalSnr::On;
  return zero ? TrainingSigmas::withZeroTerminalSnr() : TrainingSigmas();
}

}  // namespace

TextToImage::TextToImage(LoadedModel& model, LoadedModel* refiner, Recovery& recovery, const GenerationRequest& request,
                         Seed seed, const JobContext& context)
    : model_(model),
      refiner_(refiner),
      recovery_(recovery),
      request_(request),
      rows_(reproductionProfile(request)),
      seed_(seed),
      context_(context),
      writer_(model, request, seed, context),
      tell_([&context](const Sentence& words) { context.emit(makeNotice(context.job, words)); }),
      guard_(recovery, refiner, context),
      spill_(model.recipe().device),
      previews_(model, context),
      plan_(planSampling(request, trainingSigmasOf(model, request.zeroTerminalSnr),
                         model.recognition().family == ModelFamily::StableDiffusionXl,
                         ops::scalarType(model.recipe().format))) {}

int TextToImage::run() {
  recallLatentRgb();
  recovery_.enter(Phase::Encode);
  const PromptConditions prompts = encodePrompts(model_);
  for (const std::size_t index : prompts.embeddings)
    writer_.nameEmbedding(model_.embeddingNames()[index].name, model_.embeddingFiles()[index]);
  if (refiner_ != nullptr) {
    model_.conditioner().dropWeights();  // the plan has room for one model's at a time
    refinerPrompts_ = encodePrompts(*refiner_);
    refiner_->conditioner().dropWeights();
  }
  recovery_.setFirst(Phase::Denoise);
  for (int batch = context_.journal->picturesDone() / request_.batchSize; batch < request_.batchCount; ++batch) {
    const at::Tensor latents = denoiseBatch(prompts, batch);
    decodeAndWrite(latents, batch);
    if (!context_.partial) continue;
    if (const auto words = unfinished()) tell_(*words);
    break;
  }
  return written_;
}

PromptConditions TextToImage::encodePrompts(LoadedModel& model) {
  const PhaseScope phase(context_, Phase::Encode);
  const int steps = plan_.sampler->stepsLeft(SamplerState(), plan_.sigmas);
  // Samplers of the second order make two calls a step, except for the last.
  PromptEncoder encoder(model, request_, context_.stop, KnownEmbeddings(ClipTokenizer(), model.embeddingNames()));
  PromptConditions prompts = encoded(model, encoder, steps);
  if (encoder.tokensLeftOut() > 0) {
    context_.emit(makeNotice(context_.job,
                             sentence("The prompt is longer than 75 tokens; as in diffusers the last %1 are left out.",
                                      encoder.tokensLeftOut())));
  }
  return prompts;
}

PromptConditions TextToImage::encoded(LoadedModel& model, PromptEncoder& encoder, int steps) {
  while (true) {
    PromptConditions prompts = recovery_.during(
        Phase::Encode, [&] { return encoder.encode(steps, plan_.sampler->networkCalls(0, plan_.sigmas)); });
    if (FiniteGuard::isFinite(prompts)) return prompts;
    guard_.widen(model, Part::TextEncoder);
    recovery_.enter(Phase::Encode);
  }
}

std::shared_ptr<ConditionedNetwork> TextToImage::conditionedNetwork(const LoadedModel& model,
                                                                    const PromptConditions& prompts) const {
  const LoadedNetwork<UNet>* unet = &model.unet();
  BareNetwork network = [unet, stop = context_.stop](const at::Tensor& x, const at::Tensor& timesteps,
                                                     const UNetConditioning& conditioning) {
    return callUNet(*unet, stop, x, timesteps, conditioning);
  };
  if (model.recognition().inpainting)
    network = withEmptyMask(std::move(network), model.greyLatent(request_.size, context_.stop));
  return std::make_shared<ConditionedNetwork>(prompts, request_.batchSize, recovery_.execution().rows, *unet->residency,
                                              std::move(network));
}

TextToImage::Networks TextToImage::conditionedNetworks(const PromptConditions& prompts) const {
  Networks networks{conditionedNetwork(model_, prompts)};
  if (refiner_ != nullptr) networks.push_back(conditionedNetwork(*refiner_, refinerPrompts_));
  return networks;
}

Network TextToImage::wholeNetwork(const Networks& networks) {
  const auto callable = [](std::shared_ptr<ConditionedNetwork> network) -> Network {
    return [network = std::move(network)](const at::Tensor& x, const at::Tensor& t) { return (*network)(x, t); };
  };
  if (refiner_ == nullptr) return callable(networks.front());
  refines_ = refinedBefore_;
  (refines_ ? model_ : *refiner_).unet().residency->dropAll();
  ShareBehind behind = noiseBehind;
  if (rows_.refinerShare == RefinerShare::Steps) behind = [this](const at::Tensor&) { return stepsBehind_; };
  return handingOver(callable(networks.front()), callable(networks.back()), request_.refinerSwitchAt, behind, refines_,
                     [this, base = networks.front()] {
                       base->dropPlaced();
                       model_.unet().residency->dropAll();
                     });
}

at::Tensor TextToImage::denoiseBatch(const PromptConditions& prompts, int batch) {
  recovery_.enter(Phase::Denoise);
  SamplerState state = beginningOf(batch);
  const int steps = state.step + plan_.sampler->stepsLeft(state, plan_.sigmas);
  const PhaseScope phase(context_, Phase::Denoise, {batch, state.step, steps});
  refinedBefore_ = state.step > 0 && context_.journal->refines();
  const auto takeAll = [&] {
    takeSteps(state, prompts, batch);
    context_.journal->settle();  // the final latent is on disk before anything is decoded
    return model_.forVae(state.x * plan_.endScale);
  };
  while (true) {
    try {
      return recovery_.during(Phase::Denoise, takeAll);
    } catch (const HalfMade& enough) {
      return model_.forVae(enough.estimate);
    } catch (const NotFinite&) {
      guard_.widen(refines_ ? *refiner_ : model_, Part::UNet);
    }
    recovery_.enter(Phase::Denoise);
  }
}

void TextToImage::takeSteps(SamplerState& state, const PromptConditions& prompts, int batch) {
  const PredictionType prediction =
      request_.prediction == PredictionType::Automatic ? model_.recognition().prediction : request_.prediction;
  const Networks networks = conditionedNetworks(prompts);
  const GuidedDenoiser denoiser(Denoiser(wholeNetwork(networks), prediction, plan_.training, plan_.timesteps),
                                plan_.guidance);
  auto before = std::chrono::steady_clock::now();
  const auto beginStep = [&](int step) {
    stepsBehind_ = static_cast<double>(step) / static_cast<double>(plan_.sigmas.size() - 1);
    refinedBefore_ = refines_;
    recovery_.setStep(step);
    for (const auto& network : networks) network->beginStep(step);
  };
  beginStep(state.step);
  runSampler(*plan_.sampler, state, denoiser, plan_.sigmas, context_.stop,
             [&](const SamplerState& now, const at::Tensor& denoised) {
               if (context_.partial) throw HalfMade{denoised};
               beginStep(now.step);
               const int steps = now.step + plan_.sampler->stepsLeft(now, plan_.sigmas);
               const Seconds seconds = std::chrono::steady_clock::now() - before;
               context_.journal->keepStep(batch, now, steps, refines_, tell_);
               spill_.afterStep(seconds, tell_);
               context_.emit(StepFinished{context_.job, batch, now.step, steps, seconds});
               if (previews_.wanted(now.step, steps)) {
                 auto images = previews_.make(model_.forVae(denoised), seconds, recovery_.previewWay());
                 if (!images.empty()) context_.emit(PreviewReady{context_.job, batch, now.step, std::move(images)});
               }
               before = std::chrono::steady_clock::now();
             });
}

SamplerState TextToImage::beginningOf(int batch) {
  const std::int64_t channels = model_.unet().module->config().outChannels;
  const std::int64_t height = request_.size.height / scaleFactor(), width = request_.size.width / scaleFactor();
  if (auto left = context_.journal->stateFor(batch, {request_.batchSize, channels, height, width}, tell_))
    return std::move(*left);
  const Seed first = seedOfPicture(rows_, seed_, batch * request_.batchSize, request_.batchSize);
  return startOf(plan_, first, request_.batchSize, {channels, height, width});
}

void TextToImage::decodeAndWrite(const at::Tensor& latents, int batch) {
  if (batch + 1 == request_.batchCount) recovery_.setFirst(Phase::Decode);
  recovery_.enter(Phase::Decode);
  for (int i = 0; i < request_.batchSize; ++i) {
    const int index = batch * request_.batchSize + i;
    if (index < context_.journal->picturesDone()) continue;
    const at::Tensor latent = latents.narrow(0, i, 1);
    writer_.keepLatent(latent, index);
    Image image;
    {
      const PhaseScope phase(context_, Phase::Decode);
      image = decode(latent);
    }
    writer_.nameRungs(remarks());
    const PhaseScope phase(context_, Phase::Write);
    const bool isOnDisk = writer_.write(image, index);
    if (isOnDisk && !context_.partial) context_.journal->keepPicture(index);
    ++written_;
  }
  writer_.throwIfFailed();
}

std::optional<Sentence> TextToImage::unfinished() const {
  const StepPlace place = context_.journal->place(request_.batchSize);
  if (!context_.partial || place.step >= place.of) return std::nullopt;
  return sentence("Not finished: made after step %1 of %2.", place.step, place.of);
}

std::vector<Sentence> TextToImage::remarks() const {
  std::vector<Sentence> all = recovery_.rungs();
  if (const auto words = unfinished()) all.push_back(*words);
  return all;
}

at::Tensor TextToImage::pixelsOf(const at::Tensor& latent) {
  return recovery_.during(Phase::Decode, [&] {
    BlockRunner runner = model_.vae().runner(context_.stop);
    const at::Tensor placed = ops::place(latent, runner.format(), runner.device());
    return ops::readBack(model_.vae().module->decode(runner, placed, recovery_.plan().decode));
  });
}

Image TextToImage::decode(const at::Tensor& latent) {
  at::Tensor pixels = pixelsOf(latent);
  while (!FiniteGuard::isFinite(pixels)) {
    guard_.widen(model_, Part::Vae);
    recovery_.enter(Phase::Decode);
    pixels = pixelsOf(latent);
  }
  learnLatentRgb(latent, pixels);
  return imageFromPixels(pixels.select(0, 0), rows_.rounding);
}

void TextToImage::recallLatentRgb() {
  if (model_.latentRgbIsExact()) return;
  const std::int64_t channels = model_.vae().module->latentChannels();
  auto fit = findLatentRgbFit(context_.options.cacheFolder, model_.vaeFingerprint(), channels);
  if (fit) model_.setLatentRgb(std::move(*fit));
}

void TextToImage::learnLatentRgb(const at::Tensor& latent, const at::Tensor& pixels) {
  if (model_.latentRgbIsExact()) return;
  model_.setLatentRgb(fitLatentRgb(latent, pixels));
  keepLatentRgbFit(context_.options.cacheFolder, model_.vaeFingerprint(), *model_.latentRgb());
}

}  // namespace studio::engine
