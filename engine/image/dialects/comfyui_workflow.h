#pragma once

#include "engine/image/dialects/bounded_json.h"

#include <optional>

namespace studio::engine {

/// The graph ("API format") out of ComfyUI's editor format, for pictures that carry only a workflow. Widget values have
/// no names there: those of the common nodes are known, newer files list them. Nothing when it is no workflow.
std::optional<Json> comfyPromptFromWorkflow(const Json& workflow);

}  // namespace studio::engine
