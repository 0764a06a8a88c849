#pragma once

#include "engine/text/tokens/source_text.h"

#include <vector>

namespace studio::engine {

/// A prompt's text up to and with a step; steps are counted from 1.
struct ScheduledText {
  int untilStep = 1;
  SourceText text;
};

/// What the number in `[a:b:when]` means.
enum class PromptTimeline {
  Steps,        ///< with a decimal point a share of all steps, else a step (A1111 since 1.6)
  SharesBelow1  ///< below 1 a share of all steps, else a step (A1111 before 1.6)
};

/// Reads A1111's prompt editing: `[a:b:when]` is a, later b; `[a::when]` and `[b:when]` (also `[:b:when]`) leave one of
/// them out; `[a|b|c]` changes with every step. They nest, also in brackets for weights, which stay in the text.
/// Brackets that form none of these, or are not balanced, are text. As in A1111 a '|' outside of `[…]` and a backslash
/// before a line's end or the prompt's end make the whole prompt plain text; so does nesting deeper than
/// kDeepestNesting.
/// The answer is never empty, ascends and ends with `steps`; at most `steps` entries, texts next to each other may be
/// equal. Any bytes are accepted; never fails. Linear in the prompt's length for each entry. Thread-safe.
std::vector<ScheduledText> schedulePrompt(const SourceText& prompt, int steps,
                                          PromptTimeline timeline = PromptTimeline::Steps);

}  // namespace studio::engine
