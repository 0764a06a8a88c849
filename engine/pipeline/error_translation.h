#pragma once

#include "engine/api/engine_error.h"

namespace studio::engine {

/// The exception being handled as a value: our own as they are, the library's in our words.
/// Call inside a catch block. Cancelled is not an error and must be caught before. Never throws: where memory lacks
/// even for the words, fewer are used.
EngineError translateCurrentException() noexcept;

}  // namespace studio::engine
