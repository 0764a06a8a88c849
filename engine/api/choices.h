#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace studio::engine {

/// Algorithms that walk the sigmas.
enum class Sampler { Euler, EulerAncestral, Heun, DpmPlusPlus2M, DpmPlusPlus2MSde, Ddim, UniPC, Lcm };

/// How the descending noise levels are spaced. Shown as "Scheduler".
enum class Schedule { Normal, Simple, Karras, Exponential, SgmUniform, Beta };

/// What the network's output means; Automatic asks the model file.
enum class PredictionType { Automatic, Epsilon, Velocity };

/// What `(word:1.2)` does to the text embeddings.
enum class Emphasis {
  Original,  ///< A1111's: times the weight, then the mean restored
  NoNorm,    ///< times the weight
  ComfyUi,   ///< the distance to the empty prompt, times the weight
  Ignore,    ///< brackets are read, weights are not used
  None       ///< brackets are plain text
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

inline constexpr std::array<Choice<Sampler>, 8> kSamplers{{
    {Sampler::Euler, "euler", "Euler"},
    {Sampler::EulerAncestral, "euler_a", "Euler a"},
    {Sampler::Heun, "heun", "Heun"},
    {Sampler::DpmPlusPlus2M, "dpmpp_2m", "DPM++ 2M"},
    {Sampler::DpmPlusPlus2MSde, "dpmpp_2m_sde", "DPM++ 2M SDE"},
    {Sampler::Ddim, "ddim", "DDIM"},
    {Sampler::UniPC, "unipc", "UniPC"},
    {Sampler::Lcm, "lcm", "LCM"},
}};

inline constexpr std::array<Choice<Schedule>, 6> kSchedules{{
    {Schedule::Normal, "normal", "Normal"},
    {Schedule::Simple, "simple", "Simple"},
    {Schedule::Karras, "karras", "Karras"},
    {Schedule::Exponential, "exponential", "Exponential"},
    {Schedule::SgmUniform, "sgm_uniform", "SGM Uniform"},
    {Schedule::Beta, "beta", "Beta"},
}};

inline constexpr std::array<Choice<PredictionType>, 3> kPredictionTypes{{
    {PredictionType::Automatic, "auto", "Automatic"},
    {PredictionType::Epsilon, "epsilon", "Epsilon"},
    {PredictionType::Velocity, "v", "v-prediction"},
}};

inline constexpr std::array<Choice<Emphasis>, 5> kEmphases{{
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
constexpr const auto& choicesOf(PredictionType) { return kPredictionTypes; }
constexpr const auto& choicesOf(Emphasis) { return kEmphases; }
constexpr const auto& choicesOf(Precision) { return kPrecisions; }
constexpr const auto& choicesOf(PreviewMode) { return kPreviewModes; }
constexpr const auto& choicesOf(ImageFormat) { return kImageFormats; }

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
