#include "engine/sampling/sampling_plan.h"

#include "engine/api/sigma_list.h"
#include "engine/sampling/sigma_schedule.h"
#include "engine/sampling/spacings.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace studio::engine {
namespace {

/// Samplers whose step to 0 from a small sigma is a bad one leave that sigma out; each program has a list.
bool discardsPenultimate(const GenerationRequest& request) {
  if (request.penultimateSigma != PenultimateSigma::Automatic) {
    return request.penultimateSigma == PenultimateSigma::Discard;
  }
  switch (request.sampler) {
    case Sampler::Dpm2:
    case Sampler::Dpm2Ancestral:
      return request.profile != Profile::Diffusers;
    case Sampler::DpmPlusPlus3MSde:
      return request.profile == Profile::Studio || isA1111(request.profile);
    case Sampler::UniPC:
    case Sampler::UniPCBh2:
      return request.profile == Profile::ComfyUi;
    default:
      return false;
  }
}

/// A1111 walks these on whole timesteps of their own, in a latent of constant variance, and stops short of sigma 0.
std::vector<double> timestepsOfA1111(const GenerationRequest& request, const TrainingSigmas& training) {
  if (!isA1111(request.profile)) return {};
  switch (request.sampler) {
    case Sampler::Ddim:
    case Sampler::DdimCfgPlusPlus:
    case Sampler::Plms:
      return spacings::a1111Timesteps(request.steps, training);
    case Sampler::UniPC:
      return spacings::a1111UniPc(request.steps, training);
    default:
      return {};
  }
}

std::vector<float> scheduledSigmas(const GenerationRequest& request, const TrainingSigmas& training, bool sdxl) {
  const bool discard = discardsPenultimate(request);
  const Schedule schedule = scheduleOf(request.schedule, request.sampler);
  auto sigmas = makeSigmas(schedule, request.steps + (discard ? 1 : 0), training, {request.profile, sdxl});
  if (discard && sigmas.size() > 2) sigmas.erase(sigmas.end() - 2);
  return sigmas;
}

void chooseSigmas(SamplingPlan& plan, const GenerationRequest& request, const TrainingSigmas& training, bool sdxl) {
  const std::vector<double> timesteps = timestepsOfA1111(request, training);
  if (const auto own = sigmasFromText(request.sigmas)) {
    plan.sigmas = *own;
  } else if (timesteps.size() > 1) {
    plan.sigmas = {timesteps.begin(), timesteps.end()};
    plan.startScale = std::sqrt(1 + timesteps.front() * timesteps.front());
    plan.endScale = 1 / std::sqrt(1 + timesteps.back() * timesteps.back());
    return;
  } else {
    plan.sigmas = scheduledSigmas(request, training, sdxl);
  }
  const double first = plan.sigmas.front();
  const bool wholeNoise = request.profile == Profile::ComfyUi && first >= training.largest() * (1 - 1e-5);
  const bool leading = request.profile == Profile::Diffusers;
  plan.startScale = wholeNoise || leading ? std::sqrt(1 + first * first) : first;
}

/// ComfyUI draws the first latent, and Brownian paths, on the CPU whatever the device is.
NoiseRule firstNoiseOf(const GenerationRequest& request) {
  if (request.profile == Profile::A1111Nv) return {.philox = true};
  return {.philox = request.profile == Profile::A1111Gpu, .threads = request.gpuThreads};
}

SamplerOptions optionsOf(const GenerationRequest& request, const TrainingSigmas& training) {
  SamplerOptions options{.eta = request.eta,
                         .ddimEta = request.ddimEta,
                         .sNoise = request.sNoise,
                         .sChurn = request.sChurn,
                         .sTmin = request.sTmin,
                         .sTmax = request.sTmax > 0 ? request.sTmax : std::numeric_limits<double>::infinity(),
                         .brownian = request.profile != Profile::Diffusers,
                         .brownianNoise = firstNoiseOf(request),
                         .training = training};
  const bool choosesSteps = request.sampler == Sampler::DpmFast || request.sampler == Sampler::DpmAdaptive;
  if (choosesSteps && request.profile == Profile::ComfyUi) options.eta = 0;
  return options;
}

Guidance guidanceOf(const GenerationRequest& request, const SamplingPlan& plan) {
  Guidance guidance{.scale = request.guidanceScale,
                    .always = plan.sampler->readsNegative(),
                    .rescale = request.guidanceRescale,
                    .thresholdQuantile = request.thresholdQuantile,
                    .mimicScale = request.mimicScale};
  constexpr double kCfgPlusPlusPart = 1 / 12.5;  // A1111 keeps the slider's usual range with it
  if (request.sampler == Sampler::DdimCfgPlusPlus && isA1111(request.profile)) {
    guidance.scale *= kCfgPlusPlusPart;
  }
  if (request.promptOnly > 0) {
    const auto steps = static_cast<double>(plan.sigmas.size() - 1);
    const auto step = static_cast<std::size_t>(std::min(std::floor(request.promptOnly * steps) + 1, steps));
    guidance.promptOnlyAbove = plan.sigmas[step];
  }
  return guidance;
}

}  // namespace

SamplerState startOf(const SamplingPlan& plan, Seed first, int pictures, at::IntArrayRef pictureShape) {
  SamplerState state =
      startFromNoise(NoiseSource(first, pictures, plan.firstNoise), pictureShape, static_cast<float>(plan.startScale));
  if (plan.stepNoise) state.noise = NoiseSource(first, pictures, *plan.stepNoise);
  return state;
}

SamplingPlan planSampling(const GenerationRequest& request, const TrainingSigmas& training, bool sdxl) {
  SamplingPlan plan;
  chooseSigmas(plan, request, training, sdxl);
  plan.sampler = makeSampler(request.sampler, optionsOf(request, training));
  plan.guidance = guidanceOf(request, plan);
  plan.firstNoise = firstNoiseOf(request);
  if (request.profile == Profile::ComfyUi) plan.stepNoise = NoiseRule{.philox = true, .threads = request.gpuThreads};
  return plan;
}

}  // namespace studio::engine
