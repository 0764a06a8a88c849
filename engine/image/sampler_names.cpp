#include "engine/image/sampler_names.h"

#include <array>
#include <utility>

namespace studio::engine {
namespace {

std::string lowered(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return result;
}

/// Spellings of other programs beside our own ids and labels.
constexpr std::array<std::pair<std::string_view, Sampler>, 9> kAliases{{
    {"euler ancestral", Sampler::EulerAncestral},
    {"euler_ancestral", Sampler::EulerAncestral},
    {"k_euler_a", Sampler::EulerAncestral},
    {"k_euler", Sampler::Euler},
    {"k_heun", Sampler::Heun},
    {"k_dpmpp_2m", Sampler::DpmPlusPlus2M},
    {"dpmpp_2m_sde_gpu", Sampler::DpmPlusPlus2MSde},
    {"uni_pc", Sampler::UniPC},
    {"ddim_uniform", Sampler::Ddim},
}};

std::optional<Sampler> samplerNamed(const std::string& name) {
  for (const auto& [alias, sampler] : kAliases) {
    if (alias == name) return sampler;
  }
  return choiceFrom<Sampler>(name);
}

/// What "Automatic" stands for in A1111 1.9 and later.
Schedule automaticSchedule(std::optional<Sampler> sampler) {
  if (sampler == Sampler::DpmPlusPlus2M) return Schedule::Karras;
  if (sampler == Sampler::DpmPlusPlus2MSde) return Schedule::Exponential;
  return Schedule::Normal;
}

bool takeSuffix(std::string& name, std::string_view suffix) {
  if (name.size() <= suffix.size() || !name.ends_with(suffix)) return false;
  name.resize(name.size() - suffix.size());
  return true;
}

}  // namespace

SamplerNames samplerFromNames(std::string_view samplerName, const std::optional<std::string>& scheduleType) {
  std::string name = lowered(samplerName);
  std::optional<Schedule> inName;
  if (takeSuffix(name, " karras")) inName = Schedule::Karras;
  if (!inName && takeSuffix(name, " exponential")) inName = Schedule::Exponential;
  const std::optional<Sampler> sampler = samplerNamed(name);
  if (!scheduleType) return {sampler, inName.value_or(Schedule::Normal)};
  const std::string type = lowered(*scheduleType);
  if (type == "automatic") return {sampler, inName.value_or(automaticSchedule(sampler))};
  if (type == "uniform") return {sampler, Schedule::Normal};
  return {sampler, choiceFrom<Schedule>(type)};
}

std::string_view scheduleTypeName(Schedule schedule) {
  // A1111 1.9 has no "Normal"; its "Uniform" is the same list of sigmas.
  return schedule == Schedule::Normal ? "Uniform" : labelOf(schedule);
}

}  // namespace studio::engine
