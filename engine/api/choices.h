#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace studio::engine {

/// Algorithms that walk the sigmas.
enum class Sampler {
  Euler,
  EulerAncestral,
  Heun,
  HeunPlusPlus2,
  ExpHeun,
  ExpHeunSde,
  Lms,
  Dpm2,
  Dpm2Ancestral,
  DpmFast,
  DpmAdaptive,
  DpmPlusPlus2SAncestral,
  DpmPlusPlus2M,
  DpmPlusPlusSde,
  DpmPlusPlus2MSde,
  DpmPlusPlus2MSdeHeun,
  DpmPlusPlus3MSde,
  Restart,
  Ddim,
  Ddpm,
  Plms,
  UniPC,
  UniPCBh2,
  Lcm,
  Tcd,
  Deis,
  Ipndm,
  IpndmV,
  ResMultistep,
  ResMultistepAncestral,
  ErSde,
  Seeds2,
  Seeds3,
  SaSolver,
  SaSolverPece,
  GradientEstimation,
  EulerCfgPlusPlus,
  EulerAncestralCfgPlusPlus,
  DdimCfgPlusPlus,
  DpmPlusPlus2SAncestralCfgPlusPlus,
  DpmPlusPlus2MCfgPlusPlus,
  ResMultistepCfgPlusPlus,
  ResMultistepAncestralCfgPlusPlus,
  GradientEstimationCfgPlusPlus,
};

/// How the descending noise levels are spaced. Shown as "Scheduler". Automatic is what suits the sampler; Uniform and
/// Normal are two names of one spacing.
enum class Schedule {
  Automatic,
  Uniform,
  Normal,
  Simple,
  Karras,
  Exponential,
  Polyexponential,
  SgmUniform,
  DdimUniform,
  KlOptimal,
  AlignYourSteps,
  Beta,
  LinearQuadratic,
  Turbo,
  Lcm,  ///< of the fifty timesteps that consistency models learn (Luo et al. 2023)
};

/// The program whose way of doing things is followed where programs differ.
/// A1111Nv draws noise as a card of any size would, A1111Gpu as one with a request's number of threads; ComfyUi as it
/// does with a card, ComfyUiCpu without one. What each means is in reproduction_profile.h.
enum class Profile { Studio, A1111Cpu, A1111Nv, A1111Gpu, ComfyUi, ComfyUiCpu, Diffusers };

/// Where the Brownian path of SDE samplers is drawn; Automatic asks the profile.
enum class PathNoise { Automatic, Cpu, Gpu };

/// Whether the last sigma before 0 is left out (its step goes on to 0); Automatic asks sampler and profile.
enum class PenultimateSigma { Automatic, Keep, Discard };

/// How much of a model stays on the device. Automatic: as much as there is room for; HighVram: everything;
/// MediumVram: one network at a time; LowVram: of the network that denoises what there is room for, else half;
/// Streaming: each block only while it works; Hybrid: only the network that denoises, as much of it as there is room
/// for, the others work on the host; Cpu: nothing, all work on the host.
enum class MemoryMode { Automatic, HighVram, MediumVram, LowVram, Streaming, Hybrid, Cpu };

/// Whether weights that wait on the host for their turn on a GPU lie in memory that the system may not move, which
/// copies from there need to run beside the work. Automatic: where there is a GPU.
enum class PinnedMemory { Automatic, On, Off };

/// How the VAE turns a latent into a picture. Automatic: whole where there is room, else in strips, which give the same
/// picture. In tiles colours may differ a little, so they are taken only when they are asked for or agreed to.
enum class DecodeMode { Automatic, Whole, Strips, Tiles };

/// What is done when memory runs out. Lossless: only what gives the same picture, as long as there is such; Classic: in
/// the order people try by hand (batch, size, medvram, lowvram); Ask: as Lossless, then what the person agrees to; Off:
/// nothing, the job fails.
enum class OomPolicy { Lossless, Classic, Ask, Off };

/// What the network's output means; Automatic asks the model file.
enum class PredictionType { Automatic, Epsilon, Velocity };

/// Whether the noise goes down to pure noise (Lin et al. 2023, arXiv 2305.08891); Automatic asks the model file.
enum class ZeroTerminalSnr { Automatic, On, Off };

/// What `(word:1.2)` does to the text embeddings.
enum class Emphasis {
  Automatic,  ///< brackets and weights as the profile's program has them
  Original,   ///< A1111's: times the weight, then the mean restored
  NoNorm,     ///< times the weight
  ComfyUi,    ///< the distance to the empty prompt, times the weight
  Ignore,     ///< brackets are read, weights are not used
  None        ///< brackets are plain text
};

/// Number format of weights and activations. Automatic is decided by a short measurement.
enum class Precision { Automatic, Float32, BFloat16, Float16 };

/// How the picture is shown while it forms.
enum class PreviewMode { Off, LatentRgb, Decoder, Automatic };

/// File format of a finished picture.
enum class ImageFormat { Png, Jpeg, WebP };

/// One choice: `id` for command lines and JSON, `label` for people and A1111 texts.
template <class Enum>
struct Choice {
  Enum value;
  std::string_view id;
  std::string_view label;
};

inline constexpr std::array<Choice<Sampler>, 44> kSamplers{{
    {Sampler::Euler, "euler", "Euler"},
    {Sampler::EulerAncestral, "euler_a", "Euler a"},
    {Sampler::Heun, "heun", "Heun"},
    {Sampler::HeunPlusPlus2, "heunpp2", "HeunPP2"},
    {Sampler::ExpHeun, "exp_heun_2_x0", "Exp Heun 2 x0"},
    {Sampler::ExpHeunSde, "exp_heun_2_x0_sde", "Exp Heun 2 x0 SDE"},
    {Sampler::Lms, "lms", "LMS"},
    {Sampler::Dpm2, "dpm2", "DPM2"},
    {Sampler::Dpm2Ancestral, "dpm2_a", "DPM2 a"},
    {Sampler::DpmFast, "dpm_fast", "DPM fast"},
    {Sampler::DpmAdaptive, "dpm_adaptive", "DPM adaptive"},
    {Sampler::DpmPlusPlus2SAncestral, "dpmpp_2s_a", "DPM++ 2S a"},
    {Sampler::DpmPlusPlus2M, "dpmpp_2m", "DPM++ 2M"},
    {Sampler::DpmPlusPlusSde, "dpmpp_sde", "DPM++ SDE"},
    {Sampler::DpmPlusPlus2MSde, "dpmpp_2m_sde", "DPM++ 2M SDE"},
    {Sampler::DpmPlusPlus2MSdeHeun, "dpmpp_2m_sde_heun", "DPM++ 2M SDE Heun"},
    {Sampler::DpmPlusPlus3MSde, "dpmpp_3m_sde", "DPM++ 3M SDE"},
    {Sampler::Restart, "restart", "Restart"},
    {Sampler::Ddim, "ddim", "DDIM"},
    {Sampler::Ddpm, "ddpm", "DDPM"},
    {Sampler::Plms, "plms", "PLMS"},
    {Sampler::UniPC, "unipc", "UniPC"},
    {Sampler::UniPCBh2, "unipc_bh2", "UniPC BH2"},
    {Sampler::Lcm, "lcm", "LCM"},
    {Sampler::Tcd, "tcd", "TCD"},
    {Sampler::Deis, "deis", "DEIS"},
    {Sampler::Ipndm, "ipndm", "IPNDM"},
    {Sampler::IpndmV, "ipndm_v", "IPNDM_V"},
    {Sampler::ResMultistep, "res_multistep", "Res Multistep"},
    {Sampler::ResMultistepAncestral, "res_multistep_a", "Res Multistep a"},
    {Sampler::ErSde, "er_sde", "ER SDE"},
    {Sampler::Seeds2, "seeds_2", "SEEDS 2"},
    {Sampler::Seeds3, "seeds_3", "SEEDS 3"},
    {Sampler::SaSolver, "sa_solver", "SA Solver"},
    {Sampler::SaSolverPece, "sa_solver_pece", "SA Solver PECE"},
    {Sampler::GradientEstimation, "gradient_estimation", "Gradient Estimation"},
    {Sampler::EulerCfgPlusPlus, "euler_cfg_pp", "Euler CFG++"},
    {Sampler::EulerAncestralCfgPlusPlus, "euler_a_cfg_pp", "Euler a CFG++"},
    {Sampler::DdimCfgPlusPlus, "ddim_cfg_pp", "DDIM CFG++"},
    {Sampler::DpmPlusPlus2SAncestralCfgPlusPlus, "dpmpp_2s_a_cfg_pp", "DPM++ 2S a CFG++"},
    {Sampler::DpmPlusPlus2MCfgPlusPlus, "dpmpp_2m_cfg_pp", "DPM++ 2M CFG++"},
    {Sampler::ResMultistepCfgPlusPlus, "res_multistep_cfg_pp", "Res Multistep CFG++"},
    {Sampler::ResMultistepAncestralCfgPlusPlus, "res_multistep_a_cfg_pp", "Res Multistep a CFG++"},
    {Sampler::GradientEstimationCfgPlusPlus, "gradient_estimation_cfg_pp", "Gradient Estimation CFG++"},
}};

inline constexpr std::array<Choice<Schedule>, 15> kSchedules{{
    {Schedule::Automatic, "auto", "Automatic"},
    {Schedule::Uniform, "uniform", "Uniform"},
    {Schedule::Normal, "normal", "Normal"},
    {Schedule::Simple, "simple", "Simple"},
    {Schedule::Karras, "karras", "Karras"},
    {Schedule::Exponential, "exponential", "Exponential"},
    {Schedule::Polyexponential, "polyexponential", "Polyexponential"},
    {Schedule::SgmUniform, "sgm_uniform", "SGM Uniform"},
    {Schedule::DdimUniform, "ddim_uniform", "DDIM Uniform"},
    {Schedule::KlOptimal, "kl_optimal", "KL Optimal"},
    {Schedule::AlignYourSteps, "align_your_steps", "Align Your Steps"},
    {Schedule::Beta, "beta", "Beta"},
    {Schedule::LinearQuadratic, "linear_quadratic", "Linear Quadratic"},
    {Schedule::Turbo, "turbo", "Turbo"},
    {Schedule::Lcm, "lcm", "LCM"},
}};

inline constexpr std::array<Choice<Profile>, 7> kProfiles{{
    {Profile::Studio, "studio", "Kiln Studio"},
    {Profile::A1111Cpu, "a1111-cpu", "A1111 (CPU noise)"},
    {Profile::A1111Nv, "a1111-nv", "A1111 (NV noise)"},
    {Profile::A1111Gpu, "a1111-gpu", "A1111 (GPU noise)"},
    {Profile::ComfyUi, "comfyui", "ComfyUI"},
    {Profile::ComfyUiCpu, "comfyui-cpu", "ComfyUI (CPU)"},
    {Profile::Diffusers, "diffusers", "diffusers"},
}};

inline constexpr std::array<Choice<PathNoise>, 3> kPathNoises{{
    {PathNoise::Automatic, "auto", "Automatic"},
    {PathNoise::Cpu, "cpu", "CPU"},
    {PathNoise::Gpu, "gpu", "GPU"},
}};

inline constexpr std::array<Choice<PenultimateSigma>, 3> kPenultimateSigmas{{
    {PenultimateSigma::Automatic, "auto", "Automatic"},
    {PenultimateSigma::Keep, "keep", "Keep"},
    {PenultimateSigma::Discard, "discard", "Discard"},
}};

inline constexpr std::array<Choice<PredictionType>, 3> kPredictionTypes{{
    {PredictionType::Automatic, "auto", "Automatic"},
    {PredictionType::Epsilon, "epsilon", "Epsilon"},
    {PredictionType::Velocity, "v", "v-prediction"},
}};

inline constexpr std::array<Choice<ZeroTerminalSnr>, 3> kZeroTerminalSnrs{{
    {ZeroTerminalSnr::Automatic, "auto", "Automatic"},
    {ZeroTerminalSnr::On, "on", "On"},
    {ZeroTerminalSnr::Off, "off", "Off"},
}};

inline constexpr std::array<Choice<Emphasis>, 6> kEmphases{{
    {Emphasis::Automatic, "auto", "Automatic"},
    {Emphasis::Original, "original", "Original"},
    {Emphasis::NoNorm, "no_norm", "No norm"},
    {Emphasis::ComfyUi, "comfyui", "ComfyUI"},
    {Emphasis::Ignore, "ignore", "Ignore"},
    {Emphasis::None, "none", "None"},
}};

inline constexpr std::array<Choice<Precision>, 4> kPrecisions{{
    {Precision::Automatic, "auto", "Automatic"},
    {Precision::Float32, "fp32", "fp32"},
    {Precision::BFloat16, "bf16", "bf16"},
    {Precision::Float16, "fp16", "fp16"},
}};

inline constexpr std::array<Choice<MemoryMode>, 7> kMemoryModes{{
    {MemoryMode::Automatic, "auto", "Automatic"},
    {MemoryMode::HighVram, "highvram", "highvram"},
    {MemoryMode::MediumVram, "medvram", "medvram"},
    {MemoryMode::LowVram, "lowvram", "lowvram"},
    {MemoryMode::Streaming, "streaming", "Streaming"},
    {MemoryMode::Hybrid, "hybrid", "Hybrid"},
    {MemoryMode::Cpu, "cpu", "CPU"},
}};

inline constexpr std::array<Choice<PinnedMemory>, 3> kPinnedMemories{{
    {PinnedMemory::Automatic, "auto", "Automatic"},
    {PinnedMemory::On, "on", "On"},
    {PinnedMemory::Off, "off", "Off"},
}};

inline constexpr std::array<Choice<DecodeMode>, 4> kDecodeModes{{
    {DecodeMode::Automatic, "auto", "Automatic"},
    {DecodeMode::Whole, "whole", "Whole"},
    {DecodeMode::Strips, "strips", "Strips"},
    {DecodeMode::Tiles, "tiles", "Tiles"},
}};

inline constexpr std::array<Choice<OomPolicy>, 4> kOomPolicies{{
    {OomPolicy::Lossless, "lossless", "Lossless first"},
    {OomPolicy::Classic, "classic", "Classic order"},
    {OomPolicy::Ask, "ask", "Ask"},
    {OomPolicy::Off, "off", "Off"},
}};

inline constexpr std::array<Choice<PreviewMode>, 4> kPreviewModes{{
    {PreviewMode::Off, "off", "Off"},
    {PreviewMode::LatentRgb, "rgb", "Fast colours"},
    {PreviewMode::Decoder, "decoder", "Preview decoder"},
    {PreviewMode::Automatic, "auto", "Automatic"},
}};

inline constexpr std::array<Choice<ImageFormat>, 3> kImageFormats{{
    {ImageFormat::Png, "png", "PNG"},
    {ImageFormat::Jpeg, "jpg", "JPEG"},
    {ImageFormat::WebP, "webp", "WebP"},
}};

/// The table of an enumeration, for code that is generic over it.
constexpr const auto& choicesOf(Sampler) { return kSamplers; }
constexpr const auto& choicesOf(Schedule) { return kSchedules; }
constexpr const auto& choicesOf(Profile) { return kProfiles; }
constexpr const auto& choicesOf(PathNoise) { return kPathNoises; }
constexpr const auto& choicesOf(PenultimateSigma) { return kPenultimateSigmas; }
constexpr const auto& choicesOf(PredictionType) { return kPredictionTypes; }
constexpr const auto& choicesOf(ZeroTerminalSnr) { return kZeroTerminalSnrs; }
constexpr const auto& choicesOf(Emphasis) { return kEmphases; }
constexpr const auto& choicesOf(Precision) { return kPrecisions; }
constexpr const auto& choicesOf(MemoryMode) { return kMemoryModes; }
constexpr const auto& choicesOf(PinnedMemory) { return kPinnedMemories; }
constexpr const auto& choicesOf(DecodeMode) { return kDecodeModes; }
constexpr const auto& choicesOf(OomPolicy) { return kOomPolicies; }
constexpr const auto& choicesOf(PreviewMode) { return kPreviewModes; }
constexpr const auto& choicesOf(ImageFormat) { return kImageFormats; }

/// The schedule that Automatic stands for, as in A1111 since 1.9; samplers of consistency models have their own.
constexpr Schedule scheduleOf(Schedule schedule, Sampler sampler) {
  if (schedule != Schedule::Automatic) return schedule;
  switch (sampler) {
    case Sampler::DpmPlusPlus2M:
    case Sampler::DpmPlusPlusSde:
    case Sampler::DpmPlusPlus2SAncestral:
    case Sampler::Dpm2:
    case Sampler::Dpm2Ancestral:
    case Sampler::Restart:
      return Schedule::Karras;
    case Sampler::DpmPlusPlus2MSde:
    case Sampler::DpmPlusPlus2MSdeHeun:
    case Sampler::DpmPlusPlus3MSde:
      return Schedule::Exponential;
    case Sampler::Lcm:
    case Sampler::Tcd:
      return Schedule::Lcm;
    default:
      return Schedule::Normal;
  }
}

template <class Enum>
constexpr std::string_view idOf(Enum value) {
  for (const auto& choice : choicesOf(value)) {
    if (choice.value == value) return choice.id;
  }
  return {};
}

template <class Enum>
constexpr std::string_view labelOf(Enum value) {
  for (const auto& choice : choicesOf(value)) {
    if (choice.value == value) return choice.label;
  }
  return {};
}

/// Finds a choice by id or label, ignoring ASCII case.
template <class Enum>
constexpr std::optional<Enum> choiceFrom(std::string_view text) {
  const auto same = [](std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
      const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
      if (lower(a[i]) != lower(b[i])) return false;
    }
    return true;
  };
  for (const auto& choice : choicesOf(Enum{})) {
    if (same(choice.id, text) || same(choice.label, text)) return choice.value;
  }
  return std::nullopt;
}

}  // namespace studio::engine
