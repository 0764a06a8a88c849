#include "engine/pipeline/text_to_image.h"

#include "engine/ops/ops.h"
#include "engine/pipeline/latent_rgb_cache.h"
#include "engine/pipeline/pixels.h"
#include "engine/sampling/guidance.h"
#include "engine/sampling/run_sampler.h"
#include "engine/text/conditioning.h"
#include "engine/text/tokens/prompt_chunks.h"
#include "engine/text/tokens/prompt_parser.h"

#include <ATen/ops/cat.h>

#include <algorithm>
#include <utility>

namespace studio::engine {

at::Tensor guidedContext(const at::Tensor& prompt, const at::Tensor& negative, std::int64_t pictures,
                         bool usesNegative) {
  const auto repeated = [pictures](const at::Tensor& one) { return one.expand({pictures, one.size(1), one.size(2)}); };
  return usesNegative ? at::cat({repeated(prompt), repeated(negative)}) : repeated(prompt).contiguous();
}

at::Tensor callUNet(const LoadedNetwork<UNet>& unet, std::stop_token stop, const at::Tensor& x,
                    const at::Tensor& timesteps, const at::Tensor& context) {
  BlockRunner runner = unet.runner(std::move(stop));
  return ops::readBack(
      unet.module->forward(runner, ops::place(x, runner.format(), runner.device()), timesteps, context));
}

TextToImage::TextToImage(LoadedModel& model, const GenerationRequest& request, Seed seed, const JobContext& context)
    : model_(model),
      request_(request),
      seed_(seed),
      context_(context),
      writer_(model, request, seed, context),
      previews_(model, context) {}

int TextToImage::run() {
  recallLatentRgb();
  const Prompts prompts = encodePrompts();
  for (int batch = 0; batch < request_.batchCount; ++batch) {
    const at::Tensor latents = denoiseBatch(prompts, batch);
    decodeAndWrite(latents, batch);
  }
  return written_;
}

TextToImage::Prompts TextToImage::encodePrompts() {
  const PhaseScope phase(context_, Phase::Encode);
  const ClipTokenizer tokenizer;
  auto prompt = chunkPrompt(tokenizer, parsePrompt(request_.prompt));
  auto negative = chunkPrompt(tokenizer, parsePrompt(request_.negativePrompt));
  const std::size_t chunks = std::max(prompt.size(), negative.size());
  padChunks(prompt, chunks);
  padChunks(negative, chunks);
  const Prompts prompts{encode(request_.prompt, prompt), encode(request_.negativePrompt, negative)};
  // What it made is kept; its weights would only take room while the network works.
  model_.textEncoder().residency->dropAll();
  return prompts;
}

at::Tensor TextToImage::encode(const std::string& text, const std::vector<PromptChunk>& chunks) {
  const PromptCache::Key key{text, chunks.size(), request_.clipSkip};
  if (const auto known = model_.prompts().find(key)) return *known;
  BlockRunner runner = model_.textEncoder().runner(context_.stop);
  at::Tensor embeddings = encodeChunks(*model_.textEncoder().module, runner, chunks, request_.clipSkip);
  model_.prompts().add(key, embeddings);
  return embeddings;
}

at::Tensor TextToImage::denoiseBatch(const Prompts& prompts, int batch) {
  const PhaseScope phase(context_, Phase::Denoise);
  const LoadedNetwork<UNet>& unet = model_.unet();
  const PredictionType prediction =
      request_.prediction == PredictionType::Automatic ? model_.recognition().prediction : request_.prediction;
  const at::Tensor context = ops::place(
      guidedContext(prompts.prompt, prompts.negative, request_.batchSize, usesNegativePrompt(request_.guidanceScale)),
      unet.residency->format(), unet.residency->device());
  const LoadedNetwork<UNet>* network = &unet;
  const Denoiser denoiser(
      guided([=, stop = context_.stop](const at::Tensor& x,
                                       const at::Tensor& t) { return callUNet(*network, stop, x, t, context); },
             request_.guidanceScale),
      prediction);

  const std::vector<float> sigmas = makeSigmas(request_.schedule, request_.steps);
  const int steps = static_cast<int>(sigmas.size()) - 1;
  const Seed first{seed_.value + static_cast<std::uint64_t>(batch) * static_cast<std::uint64_t>(request_.batchSize)};
  SamplerState state = startFromNoise(
      NoiseSource(first, request_.batchSize),
      {unet.module->config().inChannels, request_.size.height / scaleFactor(), request_.size.width / scaleFactor()},
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
