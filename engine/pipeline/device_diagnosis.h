#pragma once

#include "engine/api/engine_error.h"

#include <string_view>

namespace studio::engine {

/// Whether a library's words say that memory ran out: its allocators', and those of workspaces that are taken without
/// them (cuDNN, cuBLAS, their like for other makers' GPUs).
bool tellsOfExhaustion(std::string_view words);

/// What a library's words say of the device; None when they speak of something else.
Diagnosis diagnosisOf(std::string_view words);

/// One sentence with what to do about it. None has an own one.
Sentence adviceOf(Diagnosis diagnosis);

}  // namespace studio::engine
