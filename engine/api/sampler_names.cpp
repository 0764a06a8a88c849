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
constexpr std::array<Spelling, 34> kSamplerSpellings{{
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
    {"dpmpp2s", "dpmpp2sa"},
    {"kdpm2", "dpm2"},
    {"kdpm2a", "dpm2a"},
    {"kdpm2discrete", "dpm2"},
    {"kdpm2ancestraldiscrete", "dpm2a"},
    {"lmsdiscrete", "lms"},
    {"dpmsolvermultistep", "dpmpp2m"},
    {"dpmsolversinglestep", "dpmpp2sa"},
    {"dpmsolversde", "dpmppsde"},
    {"dpmsolverpp", "dpmpp2m"},
    {"dpm2m", "dpmpp2m"},
    {"unipcmultistep", "unipc"},
    {"unipcsnr", "unipc"},
    {"unipctu", "unipc"},
    {"unipctq", "unipc"},
    {"unipcbh1", "unipc"},
    {"deismultistep", "deis"},
    {"pndm", "plms"},
    {"edmdpmsolvermultistep", "dpmpp2m"},
    {"edmeuler", "euler"},
    {"lcmdiscrete", "lcm"},
    {"ddimuniform", "ddim"},
    {"eulerasubstep", "eulera"},
    {"dpmppsdesubstep", "dpmppsde"},
}};

constexpr std::array<Spelling, 10> kScheduleSpellings{{
    {"uniform", "normal"},
    {"native", "normal"},
    {"default", "normal"},
    {"trailing", "sgmuniform"},
    {"ddim", "ddimuniform"},
    {"alignyoursteps11", "alignyoursteps"},
    {"alignyourstepsgits", "alignyoursteps"},
    {"ays", "alignyoursteps"},
    {"sdturbo", "turbo"},
    {"betasampling", "beta"},
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

std::optional<Sampler> samplerNamed(std::string name) {
  const auto look = [&name] {
    const auto ours = choiceNamed<Sampler>(name);
    return ours ? ours : choiceNamed<Sampler>(spelt(kSamplerSpellings, name));
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

std::optional<Schedule> scheduleNamed(std::string_view name) {
  const auto ours = choiceNamed<Schedule>(name);
  return ours ? ours : choiceNamed<Schedule>(spelt(kScheduleSpellings, name));
}

}  // namespace

SamplerNames samplerFromNames(std::string_view samplerName, const std::optional<std::string>& scheduleType) {
  std::string name = bare(samplerName);
  const std::optional<std::string> inName = takeSchedule(samplerName, name);
  const std::optional<Sampler> sampler = samplerNamed(name);
  const std::optional<Schedule> named = inName ? scheduleNamed(*inName) : std::nullopt;
  // Before A1111 1.9 a bare name meant uniform, but Restart had Karras' spacing always.
  const Schedule bareName = sampler == Sampler::Restart ? Schedule::Karras : Schedule::Normal;
  if (!scheduleType) return {sampler, inName ? named : bareName};
  const std::optional<Schedule> type = scheduleFromName(*scheduleType);
  return {sampler, type == Schedule::Automatic && inName ? named : type};
}

std::optional<Sampler> samplerFromName(std::string_view name) { return samplerNamed(bare(name)); }

std::optional<Schedule> scheduleFromName(std::string_view name) { return scheduleNamed(bare(name)); }

std::string_view scheduleTypeName(Schedule schedule) {
  return schedule == Schedule::DdimUniform ? "DDIM" : labelOf(schedule);
}

}  // namespace studio::engine
