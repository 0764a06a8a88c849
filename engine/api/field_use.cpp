#include "engine/api/field_use.h"

#include "engine/api/reproduction_profile.h"

namespace studio::engine {
namespace {

/// Samplers whose fresh noise `eta` scales.
bool readsEta(const GenerationRequest& request) {
  switch (request.sampler) {
    case Sampler::EulerAncestral:
    case Sampler::Dpm2Ancestral:
    case Sampler::DpmPlusPlus2SAncestral:
    case Sampler::DpmPlusPlusSde:
    case Sampler::DpmPlusPlus2MSde:
    case Sampler::DpmPlusPlus2MSdeHeun:
    case Sampler::DpmPlusPlus3MSde:
    case Sampler::ExpHeunSde:
    case Sampler::ResMultistepAncestral:
    case Sampler::Seeds2:
    case Sampler::Seeds3:
    case Sampler::EulerAncestralCfgPlusPlus:
    case Sampler::DpmPlusPlus2SAncestralCfgPlusPlus:
    case Sampler::ResMultistepAncestralCfgPlusPlus:
      return true;
    case Sampler::DpmFast:
    case Sampler::DpmAdaptive:
      return reproductionProfile(request).ownStepsAreFree;
    default:
      return false;
  }
}

bool readsDdimEta(Sampler sampler) { return sampler == Sampler::Ddim || sampler == Sampler::DdimCfgPlusPlus; }

/// Samplers that add noise before their steps (Karras et al. 2022, algorithm 2).
bool churns(Sampler sampler) {
  return sampler == Sampler::Euler || sampler == Sampler::Heun || sampler == Sampler::HeunPlusPlus2 ||
         sampler == Sampler::Dpm2;
}

bool alwaysDrawsNoise(Sampler sampler) {
  return sampler == Sampler::Lcm || sampler == Sampler::Tcd || sampler == Sampler::Ddpm || sampler == Sampler::ErSde ||
         sampler == Sampler::SaSolver || sampler == Sampler::SaSolverPece || sampler == Sampler::Restart;
}

/// CFG++ looks at the negative prompt even where guidance is off.
bool readsNegative(Sampler sampler) { return labelOf(sampler).ends_with("CFG++"); }

/// Whose fresh noise is a path through all sigmas (Song et al. 2021 by way of k-diffusion).
bool walksNoisePath(Sampler sampler) {
  return sampler == Sampler::DpmPlusPlusSde || sampler == Sampler::DpmPlusPlus2MSde ||
         sampler == Sampler::DpmPlusPlus2MSdeHeun || sampler == Sampler::DpmPlusPlus3MSde;
}

Sentence notRead(const GenerationRequest& request) {
  return sentence("The sampler %1 does not use it.", labelOf(request.sampler));
}

std::optional<Sentence> whyNoiseFactorIgnored(const GenerationRequest& request) {
  if (alwaysDrawsNoise(request.sampler)) return std::nullopt;
  const bool mayDraw = readsEta(request) || readsDdimEta(request.sampler) || churns(request.sampler);
  if (!mayDraw) return notRead(request);
  const bool draws = (readsEta(request) && request.eta > 0) || (readsDdimEta(request.sampler) && request.ddimEta > 0) ||
                     (churns(request.sampler) && request.sChurn > 0);
  if (draws) return std::nullopt;
  return Sentence{"As set, the sampler adds no fresh noise.", {}};
}

/// In diffusers' spacings the first sigma, where it starts, depends on their number.
std::optional<Sentence> whyStepsIgnored(const GenerationRequest& request) {
  if (request.sampler != Sampler::DpmAdaptive || request.profile == Profile::Diffusers) return std::nullopt;
  return sentence("The sampler %1 chooses its steps itself.", labelOf(request.sampler));
}

std::optional<Sentence> whySpacingIgnored(std::string_view field, const GenerationRequest& request) {
  if (!request.sigmas.empty()) return Sentence{"Sigmas of your own take its place.", {}};
  if (field == "steps") return whyStepsIgnored(request);
  if (reproductionProfile(request).ownTimesteps == OwnTimesteps::None) return std::nullopt;
  return sentence("A1111 walks %1 on steps of its own.", labelOf(request.sampler));
}

std::optional<Sentence> whyGuidanceIgnored(std::string_view field, const GenerationRequest& request) {
  const bool isOne = request.guidanceScale * reproductionProfile(request).guidanceFactor == 1;
  if (isOne && (field == "guidance_rescale" || !readsNegative(request.sampler))) {
    return Sentence{"Guidance is off while it is 1.", {}};
  }
  if (field == "mimic_scale" && request.thresholdQuantile >= 1) {
    return Sentence{"It counts only with a dynamic threshold below 1.", {}};
  }
  return std::nullopt;
}

std::optional<Sentence> whyProgramsWayIgnored(std::string_view field, const GenerationRequest& request) {
  const ReproductionProfile rows = reproductionProfile(request);
  const bool isA1111 = rows.schedules == ScheduleForms::A1111;
  if (field == "program_version" && !isA1111 && request.profile != Profile::ComfyUiCpu) {
    return Sentence{"Only versions of A1111 and of ComfyUI on the CPU differ.", {}};
  }
  if (field == "compatibility" && !isA1111) return Sentence{"Only A1111 has this setting.", {}};
  if (field == "compatibility") return std::nullopt;
  if (field == "ensd" && !isA1111) return Sentence{"Only A1111 has this setting.", {}};
  const bool walksPath = walksNoisePath(request.sampler) && rows.brownianPath;
  if (field == "ensd") return walksPath ? notRead(request) : whyNoiseFactorIgnored(request);
  if (field == "path_noise") return walksPath ? whyNoiseFactorIgnored(request) : notRead(request);
  const bool readsThreads = request.profile == Profile::A1111Gpu || request.profile == Profile::ComfyUi;
  if (field == "gpu_threads" && !readsThreads) {
    return Sentence{"Only noise of a graphics card depends on it: A1111 (GPU noise) and ComfyUI.", {}};
  }
  return std::nullopt;
}

}  // namespace

std::optional<Sentence> whyIgnored(std::string_view field, const GenerationRequest& request) {
  if (field == "eta" && !readsEta(request)) return notRead(request);
  if (field == "ddim_eta" && !readsDdimEta(request.sampler)) return notRead(request);
  if (field == "s_noise") return whyNoiseFactorIgnored(request);
  const bool limitsChurn = field == "s_tmin" || field == "s_tmax";
  if ((field == "s_churn" || limitsChurn) && !churns(request.sampler)) return notRead(request);
  if (limitsChurn && request.sChurn <= 0) return Sentence{"It counts only with churn above 0.", {}};
  if (field == "steps" || field == "scheduler" || field == "penultimate_sigma")
    return whySpacingIgnored(field, request);
  if (field == "guidance_rescale" || field == "prompt_only" || field == "threshold_quantile" ||
      field == "mimic_scale") {
    return whyGuidanceIgnored(field, request);
  }
  if (field == "program_version" || field == "compatibility" || field == "ensd" || field == "path_noise" ||
      field == "gpu_threads") {
    return whyProgramsWayIgnored(field, request);
  }
  if (field == "refiner_switch_at" && request.refiner.empty()) return Sentence{"No refiner is chosen.", {}};
  return std::nullopt;
}

}  // namespace studio::engine
