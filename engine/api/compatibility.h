#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace studio::engine {

/// A1111's compatibility settings: single ways of old versions that a newer one still goes when it is told to.
struct Compatibility {
  bool promptEditing = false;   ///< a number below 1 in `[a:b:when]` is a share of the steps, as before 1.6
  bool padConditions = false;   ///< prompts made equally long by their last vector, as before 1.6
  bool downcastAlphas = false;  ///< alpha bar kept in fp16, as before 1.8
  bool refinerBySteps = false;  ///< the refiner's share is one of steps, not of noise, as before 1.8
  bool operator==(const Compatibility&) const = default;
};

/// Words divided by spaces or commas: "prompt-editing", "pad-conds", "downcast-alphas", "refiner-by-steps". Nothing
/// when another word is among them.
std::optional<Compatibility> compatibilityFromText(std::string_view text);
std::string textOf(const Compatibility& compatibility);

}  // namespace studio::engine
