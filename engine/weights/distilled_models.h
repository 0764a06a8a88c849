#pragma once

#include "engine/api/inspector.h"

#include <map>
#include <optional>
#include <string>

namespace studio::engine {

/// The settings a few-step model was distilled for (LCM, Turbo, Lightning, Hyper, DMD2, TCD), as its file name or its
/// metadata tell; nothing for others. A number of steps in the name ("4step") is taken over.
std::optional<SuggestedSettings> suggestedSettings(const std::string& name,
                                                   const std::map<std::string, std::string>& metadata);

}  // namespace studio::engine
