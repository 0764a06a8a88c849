#pragma once

#include "engine/weights/pickle_value.h"

#include <cstddef>
#include <stdexcept>
#include <string_view>

namespace studio::engine {

/// The pickle goes on behind the bytes given; reading may be tried again with more of them.
struct PickleTruncated : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Reads one pickle (protocols 0 to 5) into values. Nothing is executed: the few functions that torch files need
/// (rebuilding tensors, ordered dictionaries, numpy scalars, byte strings) are understood as data, every other one
/// becomes an inert PickleObject. Memory is bounded by the length of the pickle.
/// `consumed` receives the length of the pickle. Throws EngineException(BadFile) or PickleTruncated.
PickleDocument readPickle(std::string_view bytes, std::size_t& consumed);

}  // namespace studio::engine
