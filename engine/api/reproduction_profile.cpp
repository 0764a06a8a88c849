#include "engine/api/reproduction_profile.h"

#include "engine/api/compatibility.h"

#include <algorithm>
#include <charconv>
#include <tuple>

namespace studio::engine {
namespace {

int takeNumber(std::string_view& text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return error == std::errc() ? number : 0;
}

bool startsWithDigit(std::string_view text) { return !text.empty() && text.front() >= '0' && text.front() <= '9'; }

/// Samplers that diffusers solves in whole timesteps.
bool isMultistepOfDiffusers(Sampler sampler) {
  switch (sampler) {
    case Sampler::DpmPlusPlus2M:
    case Sampler::DpmPlusPlus2MSde:
    case Sampler::DpmPlusPlus2MSdeHeun:
    case Sampler::DpmPlusPlus3MSde:
    case Sampler::DpmPlusPlus2SAncestral:
    case Sampler::UniPC:
    case Sampler::UniPCBh2:
    case Sampler::Deis:
    case Sampler::SaSolver:
      return true;
    default:
      return false;
  }
}

/// Those that it walks in a latent of constant variance, which begins as bare noise.
bool keepsVarianceInDiffusers(Sampler sampler) {
  switch (sampler) {
    case Sampler::Ddim:
    case Sampler::Ddpm:
    case Sampler::Plms:
    case Sampler::Lcm:
    case Sampler::Tcd:
      return true;
    default:
      return isMultistepOfDiffusers(sampler);
  }
}

void followStudio(ReproductionProfile& rows, const GenerationRequest& request) {
  rows.schedule = scheduleOf(request.schedule, request.sampler);
  rows.discardsPenultimate = request.sampler == Sampler::Dpm2 || request.sampler == Sampler::Dpm2Ancestral ||
                             request.sampler == Sampler::DpmPlusPlus3MSde;
}

OwnTimesteps ownTimestepsOfA1111(Sampler sampler) {
  switch (sampler) {
    case Sampler::Ddim:
    case Sampler::DdimCfgPlusPlus:
    case Sampler::Plms:
      return OwnTimesteps::Ddim;
    case Sampler::UniPC:
      return OwnTimesteps::UniPc;
    default:
      return OwnTimesteps::None;
  }
}

void followVersionOfA1111(ReproductionProfile& rows, const GenerationRequest& request) {
  const ProgramVersion version = programVersion(request.programVersion);
  if (version.forge) rows.timesteps = TimestepRule::Nearest;
  // Before 1.9 the schedule was part of the sampler's name, and a bare name was uniform; Restart knew only Karras.
  if (request.schedule == Schedule::Automatic && version.before(1, 9))
    rows.schedule = request.sampler == Sampler::Restart ? Schedule::Karras : Schedule::Uniform;
  if (version.before(1, 8)) rows.refinerShare = RefinerShare::Steps;
  if (version.before(1, 7, 0, 225)) rows.signalsInHalf = !version.forge;
  if (!version.before(1, 6)) return;
  rows.editing = PromptEditing::BelowOneIsShare;
  if (request.sampler == Sampler::Ddim || request.sampler == Sampler::Plms)
    rows.unequalLengths = UnequalLengths::LastVector;
}

/// What a newer version was told to do as old ones did.
void followCompatibility(ReproductionProfile& rows, const GenerationRequest& request) {
  const Compatibility old = compatibilityFromText(request.compatibility).value_or(Compatibility());
  if (old.promptEditing) rows.editing = PromptEditing::BelowOneIsShare;
  if (old.padConditions) rows.unequalLengths = UnequalLengths::LastVector;
  if (old.downcastAlphas) rows.signalsInHalf = true;
  if (old.refinerBySteps) rows.refinerShare = RefinerShare::Steps;
}

void followA1111(ReproductionProfile& rows, const GenerationRequest& request) {
  constexpr double kCfgPlusPlusPart = 1 / 12.5;  // it keeps the slider's usual range with CFG++
  followStudio(rows, request);
  rows.firstNoise = request.profile == Profile::A1111Cpu ? NoiseDevice::Cpu : NoiseDevice::Gpu;
  rows.gpuThreads = request.profile == Profile::A1111Gpu ? request.gpuThreads : 0;
  rows.stepNoise = rows.pathNoise = rows.firstNoise;
  rows.stepNoiseAnew = request.ensd != 0;
  rows.stepSeedDelta = static_cast<std::uint64_t>(request.ensd);
  rows.schedules = ScheduleForms::A1111;
  rows.ownTimesteps = ownTimestepsOfA1111(request.sampler);
  rows.unequalLengths = UnequalLengths::AsTheyAre;
  rows.rounding = PixelRounding::Down;
  if (request.sampler == Sampler::DdimCfgPlusPlus) rows.guidanceFactor = kCfgPlusPlusPart;
  if (request.sampler == Sampler::Lcm) {
    rows.everyTwentieth = true;
    rows.schedule = request.schedule == Schedule::Automatic ? Schedule::Normal : request.schedule;
  }
  followVersionOfA1111(rows, request);
  followCompatibility(rows, request);
}

void followComfyUi(ReproductionProfile& rows, const GenerationRequest& request) {
  const bool onCpu = request.profile == Profile::ComfyUiCpu;
  rows.gpuThreads = request.gpuThreads;
  rows.noiseOfBatch = true;
  rows.startScale = StartScale::VarianceAtLargest;
  rows.stepNoiseAnew = true;
  rows.stepNoise = onCpu ? NoiseDevice::Cpu : NoiseDevice::Gpu;
  // Since 0.7.0 the steps' noise on the CPU is no longer the first noise once more.
  rows.stepSeedDelta = onCpu && !programVersion(request.programVersion).before(0, 7) ? 1 : 0;
  rows.ownStepsAreFree = false;
  rows.timesteps = TimestepRule::Nearest;
  rows.schedules = ScheduleForms::ComfyUi;
  rows.schedule = request.schedule == Schedule::Automatic ? Schedule::Normal : request.schedule;
  rows.discardsPenultimate = request.sampler == Sampler::Dpm2 || request.sampler == Sampler::Dpm2Ancestral ||
                             request.sampler == Sampler::UniPC || request.sampler == Sampler::UniPCBh2;
  rows.grammar = PromptGrammar::ComfyUi;
  rows.emphasis = Emphasis::ComfyUi;
  rows.chunks = ChunkRule::Words;
  rows.unequalLengths = UnequalLengths::AsTheyAre;
  rows.clipSkip = ClipSkipRule::FromTheEnd;
  rows.emptyNegative = EmptyNegative::Encoded;
  rows.refinerShare = RefinerShare::Steps;
  rows.rounding = PixelRounding::Down;
}

/// Pipelines of the library as its notebooks use them: a CPU generator for each picture, "leading" spacing.
void followDiffusers(ReproductionProfile& rows, const GenerationRequest& request) {
  const bool multistep = isMultistepOfDiffusers(request.sampler);
  rows.schedule = request.schedule == Schedule::Automatic ? Schedule::Normal : request.schedule;
  const bool distilled = request.sampler == Sampler::Lcm || request.sampler == Sampler::Tcd;
  if (distilled && rows.schedule == Schedule::Normal) rows.schedule = Schedule::Lcm;
  const bool trailing = rows.schedule == Schedule::SgmUniform || rows.schedule == Schedule::Turbo;
  rows.noiseInPrecision = true;
  rows.startScale = trailing && !keepsVarianceInDiffusers(request.sampler) ? StartScale::Sigma : StartScale::Variance;
  rows.brownianPath = request.sampler == Sampler::DpmPlusPlusSde;
  rows.schedules = multistep ? ScheduleForms::DiffusersMultistep : ScheduleForms::Diffusers;
  if (request.sampler == Sampler::Ddim) rows.ownTimesteps = OwnTimesteps::Leading;
  if (multistep) rows.timesteps = TimestepRule::Nearest;
  if (multistep && (rows.schedule == Schedule::Exponential || rows.schedule == Schedule::Beta))
    rows.timesteps = TimestepRule::WholeBelow;
  rows.grammar = PromptGrammar::Plain;
  rows.emphasis = Emphasis::None;
  rows.chunks = ChunkRule::FirstOnly;
  rows.clipSkip = ClipSkipRule::OnTop;
}

}  // namespace

bool ProgramVersion::before(int otherMajor, int otherMinor, int otherPatch, int otherBuild) const {
  return std::tie(major, minor, patch, build) < std::tie(otherMajor, otherMinor, otherPatch, otherBuild);
}

ProgramVersion programVersion(std::string_view text) {
  ProgramVersion version;
  version.forge = text.starts_with('f') && startsWithDigit(text.substr(1));
  if (version.forge) text.remove_prefix(std::min(text.find('v'), text.size()));
  if (text.starts_with('v')) text.remove_prefix(1);
  if (!startsWithDigit(text)) return version;
  version.major = takeNumber(text);
  for (int* part : {&version.minor, &version.patch}) {
    if (!text.starts_with('.') || !startsWithDigit(text.substr(1))) break;
    text.remove_prefix(1);
    *part = takeNumber(text);
  }
  if (text.starts_with('-')) text.remove_prefix(1);
  if (startsWithDigit(text)) version.build = takeNumber(text);
  if (text.starts_with("rc") || text.starts_with("RC")) version.build = -1;
  return version;
}

ReproductionProfile reproductionProfile(const GenerationRequest& request) {
  ReproductionProfile rows;
  switch (request.profile) {
    case Profile::Studio:
      followStudio(rows, request);
      break;
    case Profile::A1111Cpu:
    case Profile::A1111Nv:
    case Profile::A1111Gpu:
      followA1111(rows, request);
      break;
    case Profile::ComfyUi:
    case Profile::ComfyUiCpu:
      followComfyUi(rows, request);
      break;
    case Profile::Diffusers:
      followDiffusers(rows, request);
      break;
  }
  if (request.emphasis != Emphasis::Automatic) {
    rows.emphasis = request.emphasis;
    rows.grammar = PromptGrammar::A1111;
  }
  if (request.penultimateSigma != PenultimateSigma::Automatic)
    rows.discardsPenultimate = request.penultimateSigma == PenultimateSigma::Discard;
  if (request.pathNoise != PathNoise::Automatic)
    rows.pathNoise = request.pathNoise == PathNoise::Cpu ? NoiseDevice::Cpu : NoiseDevice::Gpu;
  return rows;
}

Seed seedOfPicture(const ReproductionProfile& rows, Seed first, int index, int batchSize) {
  return {first.value + static_cast<std::uint64_t>(rows.noiseOfBatch ? index / batchSize : index)};
}

bool isStrict(const GenerationRequest& request) { return request.strict.value_or(request.profile != Profile::Studio); }

}  // namespace studio::engine
