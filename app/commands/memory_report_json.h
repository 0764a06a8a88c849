#pragma once

#include "app/commands/event_json.h"
#include "engine/api/memory_report.h"

#include <string>

namespace studio::app {

/// How things were when memory ran out, as programs read it: `phase`, `step`, `asked_bytes`, `in_use_bytes`,
/// `free_bytes`, `limit_bytes`, `predicted_peak_bytes`, `measured_peak_bytes`, `streamed_bytes_per_step`, `holders`
/// (`kind`, `name`, `bytes`, `blocks`, `present_blocks`), `rungs`, `fixes` and `not_enough` (`what`, `peak_bytes`,
/// `picture`, `seconds` where known, `keeps_steps`).
Json memoryReportJson(const engine::MemoryReport& report);

/// The same as lines for people: what would help, the gentlest first; empty when nothing is known to.
std::string fixesText(const engine::MemoryReport& report);

}  // namespace studio::app
