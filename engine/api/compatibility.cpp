#include "engine/api/compatibility.h"

#include <algorithm>
#include <array>
#include <utility>

namespace studio::engine {
namespace {

using Member = bool Compatibility::*;

constexpr std::array<std::pair<std::string_view, Member>, 4> kWords{{
    {"prompt-editing", &Compatibility::promptEditing},
    {"pad-conds", &Compatibility::padConditions},
    {"downcast-alphas", &Compatibility::downcastAlphas},
    {"refiner-by-steps", &Compatibility::refinerBySteps},
}};

constexpr std::string_view kBetween = " ,";

}  // namespace

std::optional<Compatibility> compatibilityFromText(std::string_view text) {
  Compatibility result;
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(kBetween), text.size()));
    if (text.empty()) return result;
    const std::string_view word = text.substr(0, text.find_first_of(kBetween));
    const auto* known =
        std::find_if(kWords.begin(), kWords.end(), [word](const auto& one) { return one.first == word; });
    if (known == kWords.end()) return std::nullopt;
    result.*known->second = true;
    text.remove_prefix(word.size());
  }
}

std::string textOf(const Compatibility& compatibility) {
  std::string text;
  for (const auto& [word, member] : kWords) {
    if (compatibility.*member) text.append(text.empty() ? "" : " ").append(word);
  }
  return text;
}

}  // namespace studio::engine
