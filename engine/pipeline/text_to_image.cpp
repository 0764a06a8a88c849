#include "engine/pipeline/text_to_image.h"

#include "engine/ops/ops.h"
#include "engine/pipeline/latent_rgb_cache.h"
#include "engine/pipeline/pixels.h"
#include "engine/pipeline/refiner_handover.h"
#include "engine/sampling/guidance.h"
#include "engine/sampling/run_sampler.h"
#include "engine/text/tokens/prompt_chunks.h"
#include "engine/text/tokens/prompt_parser.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/ones.h>

#include <algorithm>
#include <utility>

namespace studio::engine {
namespace {

/// An inpainting network asked for a whole new picture: everything is masked and the picture beneath is grey.
Network withEmptyMask(Network network, at::Tensor grey) {
  return [network = std::move(network), grey = std::move(grey)](const at::Tensor& x, const at::Tensor& timesteps) {
    const at::Tensor mask = at::ones({x.size(0), 1, x.size(2), x.size(3)}, x.options());
    return network(at::cat({x, mask, grey.expand({x.size(0), -1, -1, -1})}, 1), timesteps);
  };
}

}  // namespace

UNetConditioning guidedConditioning(const Conditioning& prompt, const Conditioning& negative, std::int64_t pictures,
                                    bool usesNegative, const Residency& residency) {
  const auto rows = [&](const at::Tensor& ours, const at::Tensor& theirs) {
    if (!ours.defined()) return at::Tensor();
    const auto repeated = [pictures](const at::Tensor& one) {
      std::vector<std::int64_t> sizes = one.sizes().vec();
      sizes[0] = pictures;
      return one.expand(sizes);
    };
    return usesNegative ? at::cat({repeated(ours), repeated(theirs)}) : repeated(ours).contiguous();
  };
  const auto placed = [&](const at::Tensor& x) {
    return x.defined() ? ops::place(x, residency.format(), residency.device()) : x;
  };
  return {placed(rows(prompt.context, negative.context)), placed(rows(prompt.pooled, negative.pooled)),
          rows(prompt.numbers, negative.numbers)};
}

at::Tensor callUNet(const LoadedNetwork<UNet>& unet, std::stop_token stop, const at::Tensor& x,
                    const at::Tensor& timesteps, const UNetConditioning& conditioning) {
  BlockRunner runner = unet.runner(std::move(stop));
  return ops::readBack(
      unet.module->forward(runner, ops::place(x, runner.format(), runner.device()), timesteps, conditioning));
}

TextToImage::TextToImage(LoadedModel& model, LoadedModel* refiner, const GenerationRequest& request, Seed seed,
                         const JobContext& context)
    : model_(model),
      refiner_(refiner),
      request_(request),
      seed_(seed),
      context_(context),
      writer_(model, request, seed, context),
      previews_(model, context) {}

int TextToImage::run() {
  recallLatentRgb();
  const Prompts prompts = encodePrompts(model_);
  if (refiner_ != nullptr) refinerPrompts_ = encodePrompts(*refiner_);
  for (int batch = 0; batch < request_.batchCount; ++batch) {
    const at::Tensor latents = denoiseBatch(prompts, batch);
    decodeAndWrite(latents, batch);
  }
  return written_;
}

TextToImage::Prompts TextToImage::encodePrompts(LoadedModel& model) {
  const PhaseScope phase(context_, Phase::Encode);
  const ClipTokenizer tokenizer;
  auto prompt = chunkPrompt(tokenizer, parsePrompt(request_.prompt));
  auto negative = chunkPrompt(tokenizer, parsePrompt(request_.negativePrompt));
  const std::size_t chunks = std::max(prompt.size(), negative.size());
  padChunks(prompt, chunks);
  padChunks(negative, chunks);
  Prompts prompts{encode(model, request_.prompt, prompt), encode(model, request_.negativePrompt, negative)};
  const FamilyTraits& traits = model.recognition().traits();
  if (traits.emptyNegativeIsZero && request_.negativePrompt.empty()) prompts.negative = zeroed(prompts.negative);
  prompts.prompt.numbers = conditionNumbers(traits, {.size = request_.size});
  prompts.negative.numbers = conditionNumbers(traits, {.size = request_.size, .negative = true});
  // What they made is kept; their weights would only take room while the network works.
  model.conditioner().dropWeights();
  return prompts;
}

Conditioning TextToImage::encode(LoadedModel& model, const std::string& text, const std::vector<PromptChunk>& chunks) {
  const PromptCache::Key key{text, chunks.size(), request_.clipSkip};
  if (const auto known = model.prompts().find(key)) return *known;
  Conditioning conditioning = model.conditioner().encode(chunks, request_.clipSkip, context_.stop);
  model.prompts().add(key, conditioning);
  return conditioning;
}

Network TextToImage::conditionedNetwork(const LoadedModel& model, const Prompts& prompts) const {
  const LoadedNetwork<UNet>* unet = &model.unet();
  const UNetConditioning conditioning =
      guidedConditioning(prompts.prompt, prompts.negative, request_.batchSize,
                         usesNegativePrompt(request_.guidanceScale), *unet->residency);
  Network network = [=, stop = context_.stop](const at::Tensor& x, const at::Tensor& t) {
    return callUNet(*unet, stop, x, t, conditioning);
  };
  if (!model.recognition().inpainting) return network;
  return withEmptyMask(std::move(network), model.greyLatent(request_.size, context_.stop));
}

Network TextToImage::wholeNetwork(const Prompts& prompts) const {
  Network base = conditionedNetwork(model_, prompts);
  if (refiner_ == nullptr) return base;
  refiner_->unet().residency->dropAll();
  return handingOver(std::move(base), conditionedNetwork(*refiner_, refinerPrompts_), request_.refinerSwitchAt,
                     [this] { model_.unet().residency->dropAll(); });
}

at::Tensor TextToImage::denoiseBatch(const Prompts& prompts, int batch) {
  const PhaseScope phase(context_, Phase::Denoise);
  const LoadedNetwork<UNet>& unet = model_.unet();
  const PredictionType prediction =
      request_.prediction == PredictionType::Automatic ? model_.recognition().prediction : request_.prediction;
  const TrainingSigmas training =
      model_.recognition().zeroTerminalSnr ? TrainingSigmas::withZeroTerminalSnr() : TrainingSigmas();
  const Denoiser denoiser(guided(wholeNetwork(prompts), request_.guidanceScale), prediction, training);

  const std::vector<float> sigmas = makeSigmas(request_.schedule, request_.steps, training);
  const int steps = static_cast<int>(sigmas.size()) - 1;
  const Seed first{seed_.value + static_cast<std::uint64_t>(batch) * static_cast<std::uint64_t>(request_.batchSize)};
  SamplerState state = startFromNoise(
      NoiseSource(first, request_.batchSize),
      {unet.module->config().outChannels, request_.size.height / scaleFactor(), request_.size.width / scaleFactor()},
      sigmas.front());
  auto before = std::chrono::steady_clock::now();
  runSampler(*makeSampler(request_.sampler), state, denoiser, sigmas, context_.stop,
             [&](const SamplerState& now, const at::Tensor& denoised) {
               const Seconds seconds = std::chrono::steady_clock::now() - before;
               context_.emit(StepFinished{context_.job, batch, now.step, steps, seconds});
               if (previews_.wanted(now.step, steps)) {
                 auto images = previews_.make(denoised, seconds);
                 if (!images.empty()) context_.emit(PreviewReady{context_.job, batch, now.step, std::move(images)});
               }
               before = std::chrono::steady_clock::now();
             });
  return state.x;
}

void TextToImage::decodeAndWrite(const at::Tensor& latents, int batch) {
  for (int i = 0; i < request_.batchSize; ++i) {
    const int index = batch * request_.batchSize + i;
    const at::Tensor latent = latents.narrow(0, i, 1);
    writer_.keepLatent(latent, index);
    at::Tensor pixels;  // [1, 3, H, W]
    {
      const PhaseScope phase(context_, Phase::Decode);
      BlockRunner runner = model_.vae().runner(context_.stop);
      pixels = ops::readBack(model_.vae().module->decode(runner, ops::place(latent, runner.format(), runner.device())));
      learnLatentRgb(latent, pixels);
    }
    const PhaseScope phase(context_, Phase::Write);
    writer_.write(imageFromPixels(pixels.select(0, 0)), index);
    ++written_;
  }
  writer_.throwIfFailed();
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
