#pragma once

#include "engine/api/generation_request.h"
#include "engine/api/sentence.h"

#include <optional>
#include <string_view>

namespace studio::engine {

/// Why a field (an id of request_fields.h) changes nothing as the rest of the request stands: its sampler does not
/// look at it, another field takes its place or switches it off. Nothing when it counts.
std::optional<Sentence> whyIgnored(std::string_view field, const GenerationRequest& request);

}  // namespace studio::engine
