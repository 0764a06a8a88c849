#pragma once

#include "engine/api/engine_error.h"

namespace studio::engine {

/// A step gave numbers that are not finite: too large for their format, or made of damaged weights.
class NotFinite : public EngineException {
 public:
  using EngineException::EngineException;
};

}  // namespace studio::engine
