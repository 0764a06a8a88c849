#include "engine/weights/distilled_models.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace studio::engine {
namespace {

struct Row {
  std::string_view word;  ///< in lower case; as a word of its own, except where `inside`
  bool inside;
  std::string_view method;
  std::string_view sampler;
  std::string_view schedule;
  int steps;
  double guidance;
};

// What the makers recommend; the first row that fits counts. They were distilled on whole timesteps: trailing ones
// (999, 749, 499, 249), which "turbo" gives, or of LCM's fifty (999, 759, 499, 259), which "lcm" gives.
constexpr std::array<Row, 11> kRows{{
    {"dmd2", false, "DMD2", "lcm", "turbo", 4, 1},
    {"dmd", false, "DMD2", "lcm", "turbo", 4, 1},
    {"tcd", false, "TCD", "tcd", "lcm", 4, 1},
    {"lcm", false, "LCM", "lcm", "lcm", 6, 1.5},
    {"lightning", true, "Lightning", "euler", "turbo", 4, 1},
    {"hypersd", true, "Hyper-SD", "euler", "turbo", 8, 1},
    {"hyper", false, "Hyper-SD", "euler", "turbo", 8, 1},
    {"sd_xl_turbo", true, "Turbo", "euler_a", "turbo", 4, 1},
    {"sdxl_turbo", true, "Turbo", "euler_a", "turbo", 4, 1},
    {"sd_turbo", true, "Turbo", "euler_a", "turbo", 4, 1},
    {"turbo", true, "Turbo", "dpmpp_sde", "karras", 8, 2},
}};

bool isLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool isLower(char c) { return c >= 'a' && c <= 'z'; }
bool isDigit(char c) { return c >= '0' && c <= '9'; }

std::string lowered(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    if (c == '-' || c == ' ') c = '_';
  }
  return text;
}

/// True at a word of its own; capitals begin one ("myLCMmodel" does not count, "realisticLCM" does).
bool isWord(const std::string& original, std::size_t at, std::size_t length) {
  const bool begins = at == 0 || !isLetter(original[at - 1]) || (isLower(original[at - 1]) && !isLower(original[at]));
  const std::size_t end = at + length;
  return begins && (end >= original.size() || !isLower(original[end]));
}

bool names(const std::string& original, const std::string& text, const Row& row) {
  for (std::size_t at = text.find(row.word); at != std::string::npos; at = text.find(row.word, at + 1)) {
    if (row.inside || isWord(original, at, row.word.size())) return true;
  }
  return false;
}

/// 4 for "…_4step_…" and "4-steps"; 0 when no such number is there.
int stepsNamed(const std::string& text) {
  for (std::size_t at = text.find("step"); at != std::string::npos; at = text.find("step", at + 1)) {
    std::size_t end = at;
    while (end > 0 && text[end - 1] == '_') --end;
    std::size_t begin = end;
    while (begin > 0 && end - begin < 2 && isDigit(text[begin - 1])) --begin;
    if (begin < end && (begin == 0 || !isDigit(text[begin - 1]))) return std::stoi(text.substr(begin, end - begin));
  }
  return 0;
}

std::optional<SuggestedSettings> suggestionIn(const std::string& original, const char* source) {
  const std::string text = lowered(original);
  const auto* row = std::find_if(kRows.begin(), kRows.end(), [&](const Row& r) { return names(original, text, r); });
  if (row == kRows.end()) return std::nullopt;
  SuggestedSettings settings;
  settings.method = row->method;
  settings.source = source;
  settings.sampler = choiceFrom<Sampler>(row->sampler).value_or(Sampler::EulerAncestral);
  settings.schedule = choiceFrom<Schedule>(row->schedule).value_or(Schedule::Turbo);
  const int steps = stepsNamed(text);
  settings.steps = steps > 0 ? steps : row->steps;
  settings.guidanceScale = row->guidance;
  return settings;
}

}  // namespace

std::optional<SuggestedSettings> suggestedSettings(const std::string& name,
                                                   const std::map<std::string, std::string>& metadata) {
  if (auto found = suggestionIn(name, "file name")) return found;
  for (const char* key : {"modelspec.title", "ss_output_name", "modelspec.tags"}) {
    const auto entry = metadata.find(key);
    if (entry == metadata.end()) continue;
    if (auto found = suggestionIn(entry->second, "metadata")) return found;
  }
  return std::nullopt;
}

}  // namespace studio::engine
