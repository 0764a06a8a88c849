#include "engine/api/engine_event.h"

#include <type_traits>

namespace studio::engine {

JobId jobOf(const EngineEvent& event) {
  return std::visit([](const auto& value) { return value.job; }, event);
}

bool isOutcome(const EngineEvent& event) {
  return std::holds_alternative<JobFailed>(event) || std::holds_alternative<JobCancelled>(event) ||
         std::holds_alternative<JobPaused>(event) || std::holds_alternative<JobFinished>(event);
}

}  // namespace studio::engine
