#include "engine/pipeline/local_benchmark.h"

#include "engine/api/cancelled.h"
#include "engine/api/request_fields.h"
#include "engine/ops/ops.h"
#include "engine/pipeline/conditioned_network.h"
#include "engine/pipeline/error_translation.h"
#include "engine/pipeline/loaded_model.h"
#include "engine/pipeline/numeric_recipe.h"
#include "engine/runtime/process_memory.h"
#include "engine/sampling/guidance.h"
#include "engine/sampling/run_sampler.h"
#include "engine/sampling/sigma_schedule.h"
#include "engine/text/conditioner.h"
#include "engine/text/tokens/prompt_parser.h"
#include "engine/vae/autoencoder_kl.h"
#include "engine/weights/random_tensor_source.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/TensorOperators.h>
#include <ATen/ops/randn.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace studio::engine {
namespace {

constexpr std::uint64_t kWeightSeed = 1, kInputSeed = 2;
constexpr double kGuidance = 7;

/// The networks under measurement: a file's, or SD 1.5's sizes with random weights. Only those a subject needs.
class Subjects {
 public:
  Subjects(const BenchmarkRequest& request, const NumericRecipe& recipe) {
    if (!request.model.empty()) {
      GenerationRequest files;
      files.model = request.model;
      model_ = std::make_unique<LoadedModel>(files, recipe);
      return;
    }
    if (request.subject != BenchmarkSubject::Vae) {
      unet_ = random<UNet>(std::make_unique<UNet>(stableDiffusion15UNet()), recipe,
                           [](const UNet& m) -> const WeightTable& { return m.weights(); });
    }
    if (request.subject == BenchmarkSubject::Image) {
      auto text = random<ClipTextEncoder>(std::make_unique<ClipTextEncoder>(ClipTextConfig{}), recipe,
                                          [](const ClipTextEncoder& m) -> const WeightTable& { return m.weights(); });
      std::vector<Conditioner::Encoder> encoders;
      encoders.push_back({{}, std::move(text.module), std::move(text.residency)});
      text_ = Conditioner(std::move(encoders));
    }
    if (request.subject != BenchmarkSubject::UNet) {
      AutoencoderKlConfig config;
      config.hasEncoder = false;
      vae_ = random<Vae>(std::make_unique<AutoencoderKl>(config), recipe,
                         [](const Vae& m) -> const WeightTable& { return m.decoderWeights(); });
    }
  }

  const LoadedNetwork<UNet>& unet() const { return model_ ? model_->unet() : unet_; }
  const Conditioner& text() const { return model_ ? model_->conditioner() : text_; }
  const FamilyTraits& traits() const {
    return model_ ? model_->recognition().traits() : traitsOf(ModelFamily::StableDiffusion1);
  }
  const LoadedNetwork<Vae>& vae() const { return model_ ? model_->vae() : vae_; }

 private:
  template <class Module, class Table>
  static LoadedNetwork<Module> random(std::unique_ptr<Module> module, const NumericRecipe& recipe, Table tableOf) {
    const WeightTable& table = tableOf(*module);
    auto source = std::make_shared<RandomTensorSource>(table, kWeightSeed);
    return {std::move(module), std::make_unique<Residency>(table, std::move(source), recipe.format, recipe.device)};
  }

  std::unique_ptr<LoadedModel> model_;
  LoadedNetwork<UNet> unet_;
  Conditioner text_;
  LoadedNetwork<Vae> vae_;
};

at::Tensor noise(at::IntArrayRef shape) {
  return at::randn(shape, at::detail::createCPUGenerator(kInputSeed), at::TensorOptions().dtype(at::kFloat));
}

std::vector<std::int64_t> latentShape(const BenchmarkRequest& request, std::int64_t channels) {
  constexpr std::int64_t kScale = 8;
  return {1, channels, request.size.height / kScale, request.size.width / kScale};
}

GuidedDenoiser guidedDenoiser(const LoadedNetwork<UNet>& unet, const Conditioning& prompt, const Conditioning& negative,
                              std::stop_token stop) {
  const UNetConditioning conditioning = guidedConditioning(prompt, negative, 1, true, *unet.residency);
  const LoadedNetwork<UNet>* network = &unet;
  return GuidedDenoiser(
      Denoiser([=](const at::Tensor& x, const at::Tensor& t) { return callUNet(*network, stop, x, t, conditioning); },
               PredictionType::Epsilon),
      Guidance{.scale = kGuidance});
}

/// Random text embeddings of one chunk, as wide as the network wants them.
Conditioning randomConditioning(const Subjects& subjects, PixelSize size) {
  const UNet& unet = *subjects.unet().module;
  Conditioning conditioning{noise({1, kChunkLength, unet.config().contextWidth}), {}, {}};
  conditioning.numbers = conditionNumbers(subjects.traits(), {.size = size});
  if (conditioning.numbers.defined()) conditioning.pooled = noise({1, unet.pooledWidth(conditioning.numbers.numel())});
  return conditioning;
}

/// One guided step in the middle of the noise range, the network called once with a batch of two.
std::function<void()> unetStep(const Subjects& subjects, const BenchmarkRequest& request, const std::stop_token& stop) {
  const auto& unet = subjects.unet();
  unet.residency->placeAll(stop);
  const Conditioning prompt = randomConditioning(subjects, request.size);
  Conditioning negative = prompt;
  negative.context = prompt.context * 0.5;
  const at::Tensor x = noise(latentShape(request, unet.module->config().inChannels));
  return [denoiser = guidedDenoiser(unet, prompt, negative, stop), x] { denoiser(x * 2.0, 2.0F); };
}

std::function<void()> vaeDecode(const Subjects& subjects, const BenchmarkRequest& request,
                                const std::stop_token& stop) {
  const auto& vae = subjects.vae();
  vae.residency->placeAll(stop);
  const LoadedNetwork<Vae>* network = &vae;
  return [network, stop, latent = noise(latentShape(request, vae.module->latentChannels()))] {
    BlockRunner runner = network->runner(stop);
    ops::readBack(network->module->decode(runner, ops::place(latent, runner.format(), runner.device())));
  };
}

/// A whole picture as a job makes it, without the file: encode, all steps, decode.
std::function<void()> wholePicture(const Subjects& subjects, const BenchmarkRequest& request,
                                   const std::stop_token& stop) {
  const Subjects* all = &subjects;
  return [=] {
    const auto encode = [&](const char* prompt) {
      Conditioning conditioning = all->text().encode(chunkPrompt(ClipTokenizer(), parsePrompt(prompt)), 1, stop);
      conditioning.numbers = conditionNumbers(all->traits(), {.size = request.size});
      return conditioning;
    };
    const Conditioning prompt = encode("a red apple on a table"), negative = encode("");
    const auto sigmas = makeSigmas(Schedule::Karras, request.steps);
    auto shape = latentShape(request, all->unet().module->config().outChannels);
    shape.erase(shape.begin());
    SamplerState state = startFromNoise(NoiseSource(Seed{kInputSeed}, 1), shape, sigmas.front());
    runSampler(*makeSampler(Sampler::DpmPlusPlus2M), state, guidedDenoiser(all->unet(), prompt, negative, stop), sigmas,
               stop);
    BlockRunner vaeRunner = all->vae().runner(stop);
    ops::readBack(all->vae().module->decode(vaeRunner, ops::place(state.x, vaeRunner.format(), vaeRunner.device())));
  };
}

std::function<void()> workOf(const Subjects& subjects, const BenchmarkRequest& request, const std::stop_token& stop) {
  switch (request.subject) {
    case BenchmarkSubject::UNet:
      return unetStep(subjects, request, stop);
    case BenchmarkSubject::Vae:
      return vaeDecode(subjects, request, stop);
    case BenchmarkSubject::Image:
      return wholePicture(subjects, request, stop);
  }
  return {};
}

void check(const BenchmarkRequest& request) {
  GenerationRequest asRequest;
  asRequest.model = "-";
  asRequest.size = request.size;
  asRequest.steps = request.steps;
  if (const auto wrong = checkRequest(asRequest)) throw EngineException(wrong->kind, wrong->message, wrong->detail);
  if (request.repeats < 1 || request.repeats > 1000)
    throw EngineException(ErrorKind::BadRequest, "Repeats must be from 1 to 1000.");
}

}  // namespace

Result<BenchmarkResult> LocalBenchmark::run(const BenchmarkRequest& request, const EngineOptions& options,
                                            std::stop_token stop,
                                            const std::function<void(int done, int of)>& progress) {
  try {
    check(request);
    const c10::InferenceMode inference;
    const NumericRecipe recipe = RecipeResolver().resolve(options);
    const Subjects subjects(request, recipe);
    const std::function<void()> work = workOf(subjects, request, stop);
    work();  // the first run reads pages and fills caches that every later one finds
    BenchmarkResult result;
    for (int i = 0; i < request.repeats; ++i) {
      if (progress) progress(i, request.repeats);
      const auto start = std::chrono::steady_clock::now();
      work();
      result.seconds.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    }
    if (progress) progress(request.repeats, request.repeats);
    std::vector<double> sorted = result.seconds;
    std::sort(sorted.begin(), sorted.end());
    result.bestSeconds = sorted.front();
    result.medianSeconds = sorted[sorted.size() / 2];
    result.peakHostBytes = peakHostBytes();
    result.precision = precisionOf(recipe.format);
    result.threads = recipe.threads;
    return result;
  } catch (const Cancelled&) {
    return EngineError{ErrorKind::BadRequest, "The measurement was stopped.", {}};
  } catch (...) {
    return translateCurrentException();
  }
}

}  // namespace studio::engine
