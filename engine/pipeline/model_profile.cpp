#include "engine/pipeline/model_profile.h"

#include "engine/api/reproduction_profile.h"
#include "engine/memory/block_runner.h"
#include "engine/ops/footprint.h"
#include "engine/sampling/sampling_plan.h"
#include "engine/text/tokens/prompt_chunks.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>
#include <ATen/ops/zeros.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <set>
#include <string>

namespace studio::engine {
namespace {

at::TensorOptions meta(at::ScalarType type) { return at::TensorOptions().device(at::kMeta).dtype(type); }

/// Where networks work.
struct Devices {
  at::Device device;
  HostShare host;
  at::Device of(const std::string& network) const {
    return placeOf(network, host) == WorkPlace::Host ? at::Device(at::kCPU) : device;
  }
};

/// Runs `call(BlockRunner&)` on meta tensors; several times where later calls need less than the first ones.
template <class Call>
ActivationProfile profiled(const std::string& name, const Residency& real, const Devices& devices, const Call& call,
                           std::int64_t calls = 1) {
  Residency shapes = Residency::forShapes(real, devices.of(name));
  ProfileRecorder recorder(name);
  BlockRunner runner(shapes, recorder);
  const ops::FootprintScope footprint(devices.of(name).is_cpu() ? ops::cpuFootprints() : ops::gpuFootprints());
  call(runner);
  for (std::int64_t i = 1; i < calls; ++i) {
    recorder.beginAgain();
    call(runner);
  }
  return recorder.take();
}

at::Tensor shapeOf(at::IntArrayRef sizes, const BlockRunner& runner) {
  return ops::place(at::empty(sizes, meta(at::kFloat)), runner.format(), at::kMeta);
}

struct LatentShape {
  std::int64_t channels, height, width;
};

LatentShape latentOf(const LoadedModel& model, const GenerationRequest& request) {
  const std::int64_t scale = model.vae().module->scaleFactor();
  return {model.vae().module->latentChannels(), request.size.height / scale, request.size.width / scale};
}

/// How the network that denoises is called.
struct CallShape {
  std::int64_t rows = 1;   ///< of a call: the prompts of every picture, and the negative one where it counts
  std::int64_t texts = 1;  ///< one after another, with a call for each
};

CallShape callsOf(const GenerationRequest& request, const PromptShape& prompts, const Guidance& guidance,
                  CallRows rows) {
  const bool negative = prompts.joined || guidance.usesNegative();
  const std::int64_t ofOnePicture = prompts.prompts + (negative ? 1 : 0);
  if (rows == CallRows::One) return {1, ofOnePicture};
  return {rows == CallRows::OnePicture ? ofOnePicture : request.batchSize * ofOnePicture, 1};
}

ActivationProfile profileUNet(const char* name, const LoadedModel& model, const GenerationRequest& request,
                              const PromptShape& prompts, const CallShape& calls, const Devices& devices) {
  const LoadedNetwork<UNet>& unet = model.unet();
  const LatentShape latent = latentOf(model, request);
  const std::int64_t rows = calls.rows;
  std::vector<std::shared_ptr<std::vector<KeysValues>>> kept;  // of each text, from its first call on
  const at::Tensor numbers = conditionNumbers(model.recognition().traits(), {.size = request.size});
  const auto call = [&](BlockRunner& runner) {
    UNetConditioning conditioning;
    if (static_cast<std::int64_t>(kept.size()) < calls.texts)
      kept.push_back(std::make_shared<std::vector<KeysValues>>());
    conditioning.kept = kept.back();
    conditioning.context = shapeOf({rows, kChunkLength * prompts.chunks, unet.module->config().contextWidth}, runner);
    if (numbers.defined()) {
      conditioning.numbers = numbers.expand({rows, numbers.size(1)}).contiguous();
      conditioning.pooled = shapeOf({rows, unet.module->pooledWidth(numbers.numel())}, runner);
    }
    unet.module->forward(runner, shapeOf({rows, unet.module->config().inChannels, latent.height, latent.width}, runner),
                         at::full({rows}, 500.0, at::kFloat), conditioning);
  };
  return profiled(name, *unet.residency, devices, call, calls.texts + 1);
}

ActivationProfile profileDecoder(const char* name, const LoadedNetwork<Vae>& vae, const LatentShape& latent,
                                 const Devices& devices, const DecodeWay& way = {}) {
  return profiled(name, *vae.residency, devices, [&](BlockRunner& runner) {
    vae.module->decode(runner, shapeOf({1, latent.channels, latent.height, latent.width}, runner), way);
  });
}

/// The best of the ways the options allow, and the others for when it does not fit. `model` must outlive the result.
PhaseProfile profileDecode(const LoadedModel& model, const GenerationRequest& request, DecodeMode wanted,
                           const Devices& devices) {
  const LatentShape latent = latentOf(model, request);
  std::vector<DecodeWay> ways = model.vae().module->decodeWays(latent.height, latent.width);
  std::erase_if(ways, [wanted](const DecodeWay& way) {
    return wanted == DecodeMode::Automatic ? way.mode == DecodeMode::Tiles : way.mode != wanted;
  });
  if (ways.empty()) ways.push_back({});
  PhaseProfile phase{Phase::Decode, {}, static_cast<double>(request.batchSize) * request.batchCount};
  phase.comesAgain = request.batchCount > 1;
  phase.way = ways.front();
  phase.networks = {profileDecoder("vae", model.vae(), latent, devices, phase.way)};
  for (std::size_t i = 1; i < ways.size(); ++i) {
    phase.otherWays.push_back({ways[i], [&vae = model.vae(), latent, devices, way = ways[i]] {
                                 return profileDecoder("vae", vae, latent, devices, way);
                               }});
  }
  return phase;
}

std::int64_t mostActivations(const ActivationProfile& profile) {
  std::int64_t most = 0;
  for (const BlockProfile& block : profile.blocks) most = std::max(most, block.activationBytes);
  return most;
}

/// Previews take no more than the network between whose calls they are made, where that can be: in strips if need be.
void addPreviews(const LoadedModel& model, const LatentShape& latent, const Devices& devices, PhaseProfile& phase) {
  const std::int64_t room = mostActivations(phase.networks.front());
  ActivationProfile least;
  for (const DecodeWay& way : model.previewDecoder().module->decodeWays(latent.height, latent.width)) {
    if (way.mode == DecodeMode::Tiles) break;
    ActivationProfile profile = profileDecoder("preview", model.previewDecoder(), latent, devices, way);
    if (least.blocks.empty() || mostActivations(profile) < mostActivations(least))
      least = std::move(profile), phase.way = way;
    if (mostActivations(least) <= room) break;
  }
  phase.networks.push_back(std::move(least));
}

PhaseProfile profileEncode(const LoadedModel& model, const GenerationRequest& request, const PromptShape& prompts,
                           const Devices& devices) {
  PhaseProfile phase{Phase::Encode, {}, static_cast<double>(prompts.texts)};
  const std::int64_t rows = std::min<std::int64_t>(prompts.chunks, kChunksAtOnce);
  for (const Conditioner::Encoder& encoder : model.conditioner().encoders()) {
    phase.networks.push_back(profiled(networkName(encoder), *encoder.residency, devices, [&](BlockRunner& runner) {
      encoder.module->forward(runner, at::zeros({rows, kChunkLength}, meta(at::kLong)),
                              wishOf(encoder, request.clipSkip, reproductionProfile(request).clipSkip));
    }));
  }
  return phase;
}

/// The second checkpoint's network takes over from the first, which leaves.
PhaseProfile profileRefiner(const LoadedModel& refiner, const GenerationRequest& request, const PromptShape& prompts,
                            CallRows callRows, const Devices& devices) {
  const CallShape calls = callsOf(request, prompts, planSampling(request).guidance, callRows);
  return {Phase::Denoise, {profileUNet("refiner", refiner, request, prompts, calls, devices)}, 1};
}

/// The two share the steps.
void addRefiner(std::vector<PhaseProfile>& phases, PhaseProfile refiner, const GenerationRequest& request) {
  for (PhaseProfile& phase : phases) {
    if (phase.phase != Phase::Denoise) continue;
    refiner.passes = phase.passes * (1 - request.refinerSwitchAt);
    phase.passes *= request.refinerSwitchAt;
  }
  phases.push_back(std::move(refiner));
}

/// The network that denoises is read before the first phase where it has room. What is in the other pool comes anew.
std::set<std::string> presentIn(const LoadedModel& model, Phase first, HostShare host) {
  std::set<std::string> names;
  if (first <= Phase::Denoise || model.unet().residency->residentBytes() > 0) names.insert("unet");
  const auto add = [&names, host](const std::string& name, const Residency& residency) {
    if (residency.residentBytes() > 0 && residency.pool() == poolOf(placeOf(name, host))) names.insert(name);
  };
  add("vae", *model.vae().residency);
  if (model.previewDecoder()) add("preview", *model.previewDecoder().residency);
  for (const Conditioner::Encoder& encoder : model.conditioner().encoders())
    add(networkName(encoder), *encoder.residency);
  return names;
}

}  // namespace

const char* networkName(const Conditioner::Encoder& encoder) {
  return encoder.traits.part == Part::TextEncoder2 ? "text_encoder_2" : "text_encoder";
}

std::vector<PhaseProfile> profilePhases(const LoadedModel& model, const GenerationRequest& request,
                                        const PromptShape& prompts, CallRows callRows, const EngineOptions& options,
                                        HostShare host) {
  const Devices devices{model.recipe().device, host};
  std::vector<PhaseProfile> phases;
  if (prompts.texts > 0) phases.push_back(profileEncode(model, request, prompts, devices));
  const SamplingPlan sampling = planSampling(request);
  const double calls = sampling.sampler->stepsLeft(SamplerState(), sampling.sigmas) *
                       sampling.sampler->networkCalls(0, sampling.sigmas) * request.batchCount;
  const bool again = request.batchCount > 1;
  const CallShape shape = callsOf(request, prompts, sampling.guidance, callRows);
  const std::int64_t all = callsOf(request, prompts, sampling.guidance, CallRows::All).rows;
  const double parts = static_cast<double>(all) / static_cast<double>(shape.rows);
  phases.push_back(
      {Phase::Denoise, {profileUNet("unet", model, request, prompts, shape, devices)}, calls * parts, again});
  const bool previews = options.preview == PreviewMode::Decoder || options.preview == PreviewMode::Automatic;
  if (previews && model.previewDecoder()) addPreviews(model, latentOf(model, request), devices, phases.back());
  phases.push_back(profileDecode(model, request, options.decode, devices));
  return phases;
}

MemoryPlan planFor(LoadedModel& model, const LoadedModel* refiner, const GenerationRequest& request,
                   const EngineOptions& options, const Execution& execution, Phase first) {
  const c10::InferenceMode inference;
  const SamplingPlan sampling = planSampling(request);
  const PromptShape prompts =
      PromptEncoder(model, request, {}, KnownEmbeddings(ClipTokenizer(), model.embeddingNames()))
          .shape(sampling.sampler->stepsLeft(SamplerState(), sampling.sigmas),
                 sampling.sampler->networkCalls(0, sampling.sigmas));
  EngineOptions carried = options;
  carried.decode = execution.decode;
  if (!execution.decodesPreviews) carried.preview = PreviewMode::LatentRgb;
  std::vector<PhaseProfile> phases = profilePhases(model, request, prompts, execution.rows, carried, execution.host);
  if (refiner != nullptr) {
    const Devices devices{model.recipe().device, execution.host};
    addRefiner(phases, profileRefiner(*refiner, request, prompts, execution.rows, devices), request);
  }
  for (PhaseProfile& phase : phases) phase.isOver = phase.phase < first;
  MemoryPlan plan = planMemory(phases, execution.budget, execution.mode, presentIn(model, first, execution.host),
                               execution.host, model.streamRates());
  if (const NetworkPlacement* unet = plan.placementOf("unet")) {
    const auto rows = [&](CallRows of) { return callsOf(request, prompts, sampling.guidance, of).rows; };
    const std::int64_t pieces = rows(CallRows::All) / rows(execution.rows);
    plan.streamedPerStep = {unet->streamed.count * pieces * sampling.sampler->networkCalls(0, sampling.sigmas)};
  }
  return plan;
}

}  // namespace studio::engine
