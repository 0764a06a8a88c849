#include "engine/text/tokens/prompt_plan.h"

#include "engine/api/engine_error.h"
#include "engine/text/tokens/unicode_text.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>
#include <utility>

namespace studio::engine {
namespace {

constexpr std::string_view kAndWord = "AND";

/// Places [begin, end) of the stretches between the words AND.
std::vector<std::pair<std::size_t, std::size_t>> betweenAnds(std::string_view text) {
  std::vector<std::pair<std::size_t, std::size_t>> stretches;
  std::size_t begin = 0;
  for (std::size_t at = text.find(kAndWord); at != std::string_view::npos;) {
    const std::size_t after = at + kAndWord.size();
    if (unicode::standsAlone(text, at, after)) {
      stretches.emplace_back(begin, at);
      begin = after;
    }
    at = text.find(kAndWord, after);
  }
  stretches.emplace_back(begin, text.size());
  return stretches;
}

/// Digits with at most one point among, before or behind them, and a sign; no exponent.
std::optional<double> weightFrom(std::string_view digits) {
  const std::string_view bare = digits.substr(digits.starts_with('+') || digits.starts_with('-') ? 1 : 0);
  const bool plain = !bare.empty() && bare.find_first_not_of(".0123456789") == std::string_view::npos &&
                     std::count(bare.begin(), bare.end(), '.') <= 1 && bare != ".";
  if (!plain) return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(bare.data(), bare.data() + bare.size(), value);
  if (error == std::errc::result_out_of_range) value = bare.find_first_not_of(".0") < bare.find('.') ? 1e9 : 0;
  value = std::min<double>(value, kLargestWeight);
  return digits.starts_with('-') ? -value : value;
}

/// A stretch's end without white space and without `: weight`.
std::pair<std::size_t, double> splitWeight(std::string_view stretch) {
  const std::string_view kept = unicode::withoutTrailingSpace(stretch);
  const std::size_t colon = kept.rfind(':');
  if (colon != std::string_view::npos) {
    if (const auto weight = weightFrom(unicode::withoutLeadingSpace(kept.substr(colon + 1)))) {
      return {unicode::withoutTrailingSpace(kept.substr(0, colon)).size(), *weight};
    }
  }
  return {kept.size(), 1.0};
}

void refuse(const Sentence& wording) { throw EngineException(ErrorKind::BadRequest, wording); }

}  // namespace

PromptPlan planPrompt(std::string_view prompt, int steps, const PromptRules& rules) {
  TaggedPrompt tagged = takeTagsOut(prompt);
  PromptPlan plan{{}, std::move(tagged.loras), std::move(tagged.unknownTags)};
  const std::string_view text = tagged.text.text;
  if (!rules.edits) {
    plan.prompts.push_back({1.0, {{std::max(steps, 1), tagged.text}}});
  } else if (!rules.splitsAtAnd) {
    plan.prompts.push_back({1.0, schedulePrompt(tagged.text, steps, rules.timeline)});
  } else {
    const auto stretches = betweenAnds(text);
    if (stretches.size() > kMostJoinedPrompts) {
      refuse(sentence("The prompt joins %1 prompts by AND; at most %2 are possible.", stretches.size(),
                      kMostJoinedPrompts));
    }
    for (const auto& [begin, end] : stretches) {
      const auto [length, weight] = splitWeight(text.substr(begin, end - begin));
      SourceText part;
      part.append(tagged.text, begin, begin + length);
      plan.prompts.push_back({weight, schedulePrompt(part, steps, rules.timeline)});
    }
  }
  std::set<std::string_view> texts;
  for (const PlannedPrompt& planned : plan.prompts) {
    for (const ScheduledText& at : planned.schedule) texts.insert(at.text.text);
  }
  if (texts.size() > kMostPlannedTexts) {
    refuse(sentence("The prompt becomes %1 different texts in the course of the steps; at most %2 are possible.",
                    texts.size(), kMostPlannedTexts));
  }
  return plan;
}

std::size_t textAt(const std::vector<ScheduledText>& schedule, int call) {
  const auto found =
      std::find_if(schedule.begin(), schedule.end(), [call](const ScheduledText& at) { return call <= at.untilStep; });
  return found == schedule.end() ? schedule.size() - 1 : static_cast<std::size_t>(found - schedule.begin());
}

}  // namespace studio::engine
