#pragma once

#include "engine/api/engine_event.h"

#include <nlohmann/json.hpp>

#include <iosfwd>
#include <optional>

namespace studio::app {

using Json = nlohmann::ordered_json;

/// The one place where events become `--json` lines. Nothing for events that are words for people (JobStarted, Notice).
std::optional<Json> eventJson(const engine::EngineEvent& event);

/// One object on one line of ASCII, flushed.
void printJson(std::ostream& out, const Json& json);

}  // namespace studio::app
