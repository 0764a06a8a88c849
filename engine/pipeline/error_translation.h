#pragma once

#include "engine/api/choices.h"
#include "engine/api/engine_error.h"
#include "engine/api/units.h"

#include <string>

namespace studio::engine {

/// The exception being handled as a value: our own as they are, the library's in our words.
/// Call inside a catch block. Cancelled is not an error and must be caught before. Never throws: where memory lacks
/// even for the words, fewer are used.
EngineError translateCurrentException() noexcept;

/// What the advice of a job that ran out of memory hangs on.
struct Circumstances {
  PixelSize size;
  int batchSize = 1;
  Precision precision = Precision::Float32;
  bool ownLimit = false;  ///< it is the person's own limit that was met
};

/// Memory ran out: names what may help as things are.
EngineError outOfMemory(const Circumstances& now, const std::string& detail);

}  // namespace studio::engine
