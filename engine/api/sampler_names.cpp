#include "engine/api/sampler_names.h"

#include <array>
#include <utility>

namespace studio::engine {
namespace {

using Spelling = std::pair<std::string_view, std::string_view>;

/// Letters and digits only, small, with "+" as "p": "DPM++ 2M SDE" and "dpmpp_2m_sde" are one.
std::string bare(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c >= 'A' && c <= 'Z') {
      result += static_cast<char>(c + 32);
    } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      result += c;
    } else if (c == '+') {
      result += 'p';
    }
  }
  return result;
}

/// Bare spellings of ComfyUI, InvokeAI, diffusers, Easy Diffusion and Draw Things, and the bare A1111 name each means.
constexpr std::array<Spelling, 27> kSamplerSpellings{{
    {"eulerancestral", "eulera"},
    {"eulerdiscrete", "euler"},
    {"eulerancestraldiscrete", "eulera"},
    {"heundiscrete", "heun"},
    {"eulerancestralcfgpp", "euleracfgpp"},
    {"dpmpp2sancestralcfgpp", "dpmpp2sacfgpp"},
    {"resmultistepancestral", "resmultistepa"},
    {"resmultistepancestralcfgpp", "resmultistepacfgpp"},
    {"dpm2ancestral", "dpm2a"},
    {"dpmpp2sancestral", "dpmpp2sa"},
    {"kdpm2", "dpm2"},
    {"kdpm2a", "dpm2a"},
    {"kdpm2discrete", "dpm2"},
    {"kdpm2ancestraldiscrete", "dpm2a"},
    {"lmsdiscrete", "lms"},
    {"dpmsolvermultistep", "dpmpp2m"},
    {"dpmsolversde", "dpmppsde"},
    {"dpmsolverpp", "dpmpp2m"},
    {"dpm2m", "dpmpp2m"},
    {"unipcmultistep", "unipc"},
    {"unipcbh1", "unipc"},
    {"deismultistep", "deis"},
    {"pndm", "plms"},
    {"edmdpmsolvermultistep", "dpmpp2m"},
    {"edmeuler", "euler"},
    {"lcmdiscrete", "lcm"},
    {"ddimuniform", "ddim"},
}};

constexpr std::array<Spelling, 8> kScheduleSpellings{{
    {"uniform", "normal"},
    {"native", "normal"},
    {"default", "normal"},
    {"trailing", "sgmuniform"},
    {"ddim", "ddimuniform"},
    {"ays", "alignyoursteps"},
    {"sdturbo", "turbo"},
    {"betasampling", "beta"},
}};

/// Samplers and spacings that this studio does not have, and what comes nearest.
constexpr std::array<Spelling, 7> kNearestSamplers{{
    {"dpmpp2s", "dpmpp2sa"},
    {"dpmsolversinglestep", "dpmpp2sa"},
    {"unipcsnr", "unipc"},
    {"unipctu", "unipc"},
    {"unipctq", "unipc"},
    {"eulerasubstep", "eulera"},
    {"dpmppsdesubstep", "dpmppsde"},
}};

constexpr std::array<Spelling, 2> kNearestSchedules{{
    {"alignyoursteps11", "alignyoursteps"},
    {"alignyourstepsgits", "alignyoursteps"},
}};

template <std::size_t Count>
std::string_view spelt(const std::array<Spelling, Count>& table, std::string_view name) {
  for (const auto& [spelling, meaning] : table) {
    if (spelling == name) return meaning;
  }
  return name;
}

/// By our own names first, so that a choice added later needs no line here.
template <class Enum>
std::optional<Enum> choiceNamed(std::string_view name) {
  if (name.empty()) return std::nullopt;
  for (const auto& choice : choicesOf(Enum{})) {
    if (bare(choice.id) == name || bare(choice.label) == name) return choice.value;
  }
  return std::nullopt;
}

bool takeSuffix(std::string& name, std::string_view suffix) {
  if (name.size() <= suffix.size() || !name.ends_with(suffix)) return false;
  name.resize(name.size() - suffix.size());
  return true;
}

bool takePrefix(std::string& name, std::string_view prefix) {
  if (name.size() <= prefix.size() || !name.starts_with(prefix)) return false;
  name.erase(0, prefix.size());
  return true;
}

template <std::size_t Count>
std::optional<Sampler> samplerNamed(std::string name, const std::array<Spelling, Count>& spellings) {
  const auto look = [&name, &spellings] {
    const auto ours = choiceNamed<Sampler>(name);
    return ours ? ours : choiceNamed<Sampler>(spelt(spellings, name));
  };
  if (const auto found = look()) return found;
  if (takeSuffix(name, "scheduler") || takeSuffix(name, "gpu") || takePrefix(name, "sample")) {
    if (const auto found = look()) return found;
  }
  takePrefix(name, "k");  // k-diffusion's, as InvokeAI, NovelAI and early programs mark them
  return look();
}

/// Names before A1111 1.9, of InvokeAI and of Draw Things hold the schedule too.
std::optional<std::string> takeSchedule(std::string_view written, std::string& name) {
  constexpr std::array<Spelling, 5> kSuffixes{{{"karras", "karras"},
                                               {"exponential", "exponential"},
                                               {"trailing", "trailing"},
                                               {"ays", "ays"},
                                               {"sgmuniform", "sgmuniform"}}};
  for (const auto& [suffix, schedule] : kSuffixes) {
    if (takeSuffix(name, suffix)) return std::string(schedule);
  }
  if (written.ends_with("_k") && takeSuffix(name, "k")) return "karras";
  return std::nullopt;
}

template <std::size_t Count>
std::optional<Schedule> scheduleNamed(std::string_view name, const std::array<Spelling, Count>& spellings) {
  const auto ours = choiceNamed<Schedule>(name);
  return ours ? ours : choiceNamed<Schedule>(spelt(spellings, name));
}

/// Before A1111 1.9 a bare name meant uniform, but Restart had Karras' spacing always.
Schedule scheduleOfBareName(std::optional<Sampler> sampler) {
  return sampler == Sampler::Restart ? Schedule::Karras : Schedule::Normal;
}

}  // namespace

SamplerNames samplerFromNames(std::string_view samplerName, const std::optional<std::string>& scheduleType) {
  SamplerNames names;
  std::string name = bare(samplerName);
  const std::optional<std::string> inName = takeSchedule(samplerName, name);
  names.sampler = samplerFromName(name);
  if (!names.sampler) {
    names.sampler = samplerNamed(name, kNearestSamplers);
    names.nearestSampler = names.sampler.has_value();
  }
  const std::optional<Schedule> named = inName ? scheduleFromName(*inName) : std::nullopt;
  if (!scheduleType) {
    names.schedule = inName ? named : scheduleOfBareName(names.sampler);
    return names;
  }
  names.schedule = scheduleFromName(*scheduleType);
  if (names.schedule == Schedule::Automatic && inName) names.schedule = named;
  if (!names.schedule) {
    names.schedule = scheduleNamed(bare(*scheduleType), kNearestSchedules);
    names.nearestSchedule = names.schedule.has_value();
  }
  return names;
}

std::optional<Sampler> samplerFromName(std::string_view name) { return samplerNamed(bare(name), kSamplerSpellings); }

std::optional<Schedule> scheduleFromName(std::string_view name) {
  return scheduleNamed(bare(name), kScheduleSpellings);
}

std::string_view scheduleTypeName(Schedule schedule) {
  return schedule == Schedule::DdimUniform ? "DDIM" : labelOf(schedule);
}

}  // namespace studio::engine
