#pragma once

#include <chrono>

namespace studio::engine {

using Seconds = std::chrono::duration<double>;

/// Parts of a job's way, in order.
enum class Phase { Load, Encode, Denoise, Decode, Write };

/// Stable word for logs and `--json` ("denoise").
const char* phaseName(Phase phase);

}  // namespace studio::engine
