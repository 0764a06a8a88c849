#include "engine/sampling/sampling_plan.h"

#include "engine/api/reproduction_profile.h"
#include "engine/api/sigma_list.h"
#include "engine/sampling/sigma_schedule.h"
#include "engine/sampling/spacings.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace studio::engine {
namespace {

std::vector<double> ownTimesteps(const ReproductionProfile& rows, int steps, const TrainingSigmas& training) {
  switch (rows.ownTimesteps) {
    case OwnTimesteps::Ddim:
      return spacings::a1111Timesteps(steps, training);
    case OwnTimesteps::UniPc:
      return spacings::a1111UniPc(steps, training);
    case OwnTimesteps::Leading: {
      std::vector<double> sigmas = spacings::leading(steps, training, false);
      if (sigmas.back() > training.smallest()) sigmas.push_back(training.smallest());
      return sigmas;
    }
    case OwnTimesteps::None:
      break;
  }
  return {};
}

std::vector<float> scheduledSigmas(const ReproductionProfile& rows, int steps, const TrainingSigmas& training,
                                   bool sdxl) {
  const bool discard = rows.discardsPenultimate;
  auto sigmas = makeSigmas(rows.schedule, steps + (discard ? 1 : 0), training, {rows.schedules, sdxl});
  if (discard && sigmas.size() > 2) sigmas.erase(sigmas.end() - 2);
  return sigmas;
}

double startScaleOf(const ReproductionProfile& rows, double first, const TrainingSigmas& training) {
  const bool whole = rows.startScale == StartScale::VarianceAtLargest && first >= training.largest() * (1 - 1e-5);
  return whole || rows.startScale == StartScale::Variance ? std::sqrt(1 + first * first) : first;
}

void chooseSigmas(SamplingPlan& plan, const ReproductionProfile& rows, const GenerationRequest& request, bool sdxl) {
  const std::vector<double> timesteps = ownTimesteps(rows, request.steps, plan.training);
  if (const auto own = sigmasFromText(request.sigmas)) {
    plan.sigmas = *own;
  } else if (timesteps.size() > 1) {
    plan.sigmas = {timesteps.begin(), timesteps.end()};
    plan.startScale = std::sqrt(1 + timesteps.front() * timesteps.front());
    plan.endScale = 1 / std::sqrt(1 + timesteps.back() * timesteps.back());
    return;
  } else {
    plan.sigmas = scheduledSigmas(rows, request.steps, plan.training, sdxl);
  }
  plan.startScale = startScaleOf(rows, plan.sigmas.front(), plan.training);
}

NoiseRule noiseRule(const ReproductionProfile& rows, NoiseDevice device, at::ScalarType precision) {
  return {.philox = device == NoiseDevice::Gpu,
          .threads = rows.gpuThreads,
          .ofBatch = rows.noiseOfBatch,
          .drawnAs = rows.noiseInPrecision ? precision : at::kFloat};
}

SamplerOptions optionsOf(const ReproductionProfile& rows, const GenerationRequest& request,
                         const TrainingSigmas& training) {
  SamplerOptions options{.eta = request.eta,
                         .ddimEta = request.ddimEta,
                         .sNoise = request.sNoise,
                         .sChurn = request.sChurn,
                         .sTmin = request.sTmin,
                         .sTmax = request.sTmax > 0 ? request.sTmax : std::numeric_limits<double>::infinity(),
                         .brownian = rows.brownianPath,
                         .brownianNoise = noiseRule(rows, rows.pathNoise, at::kFloat),
                         .brownianSeedDelta = rows.stepNoiseAnew ? rows.stepSeedDelta : 0,
                         .training = training};
  const bool choosesSteps = request.sampler == Sampler::DpmFast || request.sampler == Sampler::DpmAdaptive;
  if (choosesSteps && !rows.ownStepsAreFree) options.eta = 0;
  return options;
}

Guidance guidanceOf(const ReproductionProfile& rows, const GenerationRequest& request, const SamplingPlan& plan) {
  Guidance guidance{.scale = request.guidanceScale * rows.guidanceFactor,
                    .always = plan.sampler->readsNegative(),
                    .rescale = request.guidanceRescale,
                    .thresholdQuantile = request.thresholdQuantile,
                    .mimicScale = request.mimicScale};
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
  if (plan.stepNoise) state.noise = NoiseSource(Seed{first.value + plan.stepSeedDelta}, pictures, *plan.stepNoise);
  return state;
}

SamplingPlan planSampling(const GenerationRequest& request, const TrainingSigmas& training, bool sdxl,
                          at::ScalarType precision) {
  const ReproductionProfile rows = reproductionProfile(request);
  SamplingPlan plan;
  plan.training = training;
  if (rows.signalsInHalf && !training.isEdm()) plan.training.roundToHalf(rows.ownTimesteps == OwnTimesteps::None);
  plan.timesteps = rows.timesteps;
  if (rows.everyTwentieth && !training.isEdm()) {
    plan.training = plan.training.everyTwentieth();
    plan.timesteps = TimestepRule::Twentieth;
  }
  chooseSigmas(plan, rows, request, sdxl);
  plan.sampler = makeSampler(request.sampler, optionsOf(rows, request, plan.training));
  plan.guidance = guidanceOf(rows, request, plan);
  plan.firstNoise = noiseRule(rows, rows.firstNoise, precision);
  if (rows.stepNoiseAnew) plan.stepNoise = noiseRule(rows, rows.stepNoise, precision);
  plan.stepSeedDelta = rows.stepSeedDelta;
  return plan;
}

}  // namespace studio::engine
