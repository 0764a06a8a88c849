#pragma once

#include "app/commands/event_json.h"
#include "engine/api/memory_plan.h"

namespace studio::app {

/// A memory plan as programs read it: `mode`, `budget_bytes`, `peak_bytes`, `phases` (`name`, `weights_bytes`,
/// `activation_bytes`, `workspace_bytes`, `peak_bytes`, `networks`) and `networks` (`name`, `resident_bytes`,
/// `streamed_bytes`), `streamed_bytes_per_step`.
Json planJson(const engine::MemoryPlan& plan);

/// The same as rows for people: a phase a row with its time, and what is streamed.
std::string planText(const engine::MemoryPlan& plan, const std::vector<std::optional<engine::PredictedTime>>& times);

/// One sentence: the peak, and what passes through the device at every step.
std::string planSentence(const engine::MemoryPlan& plan);

}  // namespace studio::app
