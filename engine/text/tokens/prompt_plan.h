#pragma once

#include "engine/text/tokens/prompt_chunks.h"
#include "engine/text/tokens/prompt_schedule.h"

#include <string>
#include <string_view>
#include <vector>

namespace studio::engine {

/// One of the prompts that AND joins.
struct PlannedPrompt {
  double weight = 1;                    ///< finite, within ±kLargestWeight
  std::vector<ScheduledText> schedule;  ///< see schedulePrompt
};

/// All a prompt says: what is asked for at which step, and its tags.
struct PromptPlan {
  std::vector<PlannedPrompt> prompts;  ///< never empty
  std::vector<LoraTag> loras;
  std::vector<std::string> unknownTags;
};

/// How a prompt is read.
struct PromptRules {
  bool splitsAtAnd = true;  ///< false for negative prompts: there AND is a word
  PromptTimeline timeline = PromptTimeline::Steps;
  bool edits = true;  ///< false: neither AND nor prompt editing means anything; tags do all the same
};

/// More prompts joined by AND, or more different texts in all, are an error of whoever wrote them.
inline constexpr std::size_t kMostJoinedPrompts = 16;
inline constexpr std::size_t kMostPlannedTexts = 512;

/// Reads A1111's grammar in its order: tags are taken out, the rest is split at the word AND (in brackets too), each
/// part's number behind its last colon is its weight ("a cat :0.7"), then comes prompt editing, at last weights
/// (parseWeights) for the text of a step.
/// Throws EngineException(BadRequest) beyond kMostJoinedPrompts or kMostPlannedTexts. Thread-safe.
PromptPlan planPrompt(std::string_view prompt, int steps, const PromptRules& rules = {});

/// The text that stands at the n-th call of the network, counted from 0, when a sampler's walk makes as many calls as
/// the schedule has steps. As in A1111 the first text stands one call longer than its number says.
std::size_t textAt(const std::vector<ScheduledText>& schedule, int call);

}  // namespace studio::engine
