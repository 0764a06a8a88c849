#pragma once

#include <c10/util/Exception.h>

namespace studio::engine {

/// Thrown where the limit of the host's memory would be passed, whichever pool the block is for.
class MainMemoryFull : public c10::OutOfMemoryError {
  using c10::OutOfMemoryError::OutOfMemoryError;
};

}  // namespace studio::engine
