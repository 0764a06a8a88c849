#pragma once

#include "engine/api/engine_event.h"

#include <nlohmann/json.hpp>

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace studio::app {

using Json = nlohmann::ordered_json;

/// The one place where events become `--json` lines. Nothing for events that are words for people (JobStarted, Notice).
std::optional<Json> eventJson(const engine::EngineEvent& event);

/// `seconds`, `seconds_low` and `seconds_high` behind the prefix; null where nothing is known.
void addSeconds(Json& json, const std::optional<engine::PredictedTime>& time, const std::string& prefix = {});

/// Predicted and measured, a phase each.
Json reportsJson(const std::vector<engine::PhaseReport>& reports);

/// One object on one line of ASCII, flushed.
void printJson(std::ostream& out, const Json& json);

}  // namespace studio::app
